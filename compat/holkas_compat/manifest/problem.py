"""A problem in one document, before it is known in which file the document stands."""

from __future__ import annotations

from holkas.model.edit import Edit
from holkas.model.finding import Severity
from holkas.model.path import PathPart
from holkas.records import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a document, and where.

    code: the rule (``T001`` …).
    path: keys and indexes from the document's root to the node.
    fields: the places in the original's own spelling (``spec.tasks[0].OnError``); one rule may name several.
    on_key: the mapping key is meant, not its value.
    within: text inside the scalar that is meant (a variable reference, say).
    hint: what to do, empty where nothing sure can be said.
    fix: the edits that would do it, where no one has to think about them.
    """

    code: str
    message: str
    path: tuple[PathPart, ...] = ()
    fields: tuple[str, ...] = ()
    on_key: bool = False
    within: str = ""
    hint: str = ""
    severity: Severity = Severity.ERROR
    fix: tuple[Edit, ...] = ()
