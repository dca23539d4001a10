"""What a rule is, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from holkas.model.code import CodeDoc
from holkas.model.edit import Edit
from holkas.model.finding import Severity
from holkas.model.path import DocumentPath
from holkas.records import dataclass

if TYPE_CHECKING:
    from holkas_compat.tekton.lint.rules.parts import (
        ContainerPart,
        DocumentPart,
        PipelinePart,
        TaskPart,
    )


@dataclass(frozen=True, slots=True)
class Hit:
    """One place at which a rule has something to say; see :class:`holkas.model.finding.Finding` for the fields.

    severity: where it differs from the rule's own.
    """

    message: str
    path: DocumentPath
    hint: str = ""
    within: str = ""
    on_key: bool = False
    fix: tuple[Edit, ...] = ()
    severity: Severity | None = None


Hits = Iterator[Hit]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule that judges what Tekton accepts. It looks at the parts for which it has a function.

    code: T6xx for warnings, T7xx for deprecations, T8xx for habits.
    doc: what ``holkas explain`` says. example: documents about which it speaks up. near_miss: nearly the same, about
    which it does not. Both are tested.
    """

    code: str
    severity: Severity
    doc: CodeDoc
    example: str
    near_miss: str
    document: Callable[[DocumentPart], Hits] | None = None
    pipeline: Callable[[PipelinePart], Hits] | None = None
    task: Callable[[TaskPart], Hits] | None = None
    container: Callable[[ContainerPart], Hits] | None = None
