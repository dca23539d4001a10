"""What is stored with the end of an attempt, and how a later process gets the record back."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from holkas.model.record import TaskRunRecord
from holkas.state.outcome_form import artifacts_form, outcome_form, with_outcome

from holkas_builtin.runner.assignment import TaskAssignment
from holkas_builtin.runner.fingerprint import Fingerprint
from holkas_builtin.runner.run_context import RunContext

if TYPE_CHECKING:
    from holkas.state.past_run import PastAttempt


class NotKept(Exception):
    """The outcome cannot be had back; the text says why."""


def kept_outcome(
    assignment: TaskAssignment,
    context: RunContext,
    record: TaskRunRecord,
    digests: Fingerprint,
    attempt: int,
) -> dict[str, Any]:
    """What goes into the store beside the event.

    Where a secret is among what the task hands on, the store would keep it masked: then it is written to a file beside
    the run's workspaces, which lie there as open as it does and go when they go.
    """
    handed_on = {
        "results": {result.name: result.value for result in record.results},
        **artifacts_form(record),
    }
    kept: dict[str, Any] = {
        "path": assignment.path,
        "attempt": attempt,
        "combination": assignment.combination,
        "fingerprint": dict(digests),
        **outcome_form(record),
    }
    masker = context.journal.masker
    if masker and masker.mask_json(handed_on) != json.loads(json.dumps(handed_on)):
        kept["private"] = _write_private(context.directory.work, assignment, attempt, handed_on)
    return kept


def record_of(past: PastAttempt, blank: TaskRunRecord, work: Path) -> TaskRunRecord:
    """The record of a past attempt; what is not kept is taken from ``blank``. Raises NotKept.

    work: the working directory of the run that made it.
    """
    handed_on: Mapping[str, Any] = {"results": past.results}
    name = past.kept.get("private")
    if name:
        try:
            handed_on = json.loads((work / "results" / Path(str(name)).name).read_bytes())
        except (OSError, ValueError) as error:
            raise NotKept("its results hold a secret and are not kept any more") from error
    try:
        return with_outcome(blank, {**past.kept, **handed_on}, past.condition, handed_on["results"])
    except (KeyError, TypeError, AttributeError) as error:
        raise NotKept("another version of holkas kept it") from error


def _write_private(work: Path, assignment: TaskAssignment, attempt: int, value: Mapping[str, Any]) -> str:
    directory = work / "results"
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    marked = f"{assignment.path}/{assignment.run.name}/{attempt}"
    name = f"{hashlib.sha256(marked.encode()).hexdigest()[:24]}.json"
    temporary = directory / f"{name}.new"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(value, file)
    temporary.replace(directory / name)
    return name
