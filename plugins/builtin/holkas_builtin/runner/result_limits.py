"""How large results may be, where a run is to end as it would on a cluster.

A cluster takes results from a container's termination message, 4096 bytes with Tekton's own notes in it, or from the log
of a sidecar, one line a result (docs/tasks.md, "Larger Results using sidecar logs"; pkg/termination/write.go and
internal/sidecarlogresults). With the first, a step whose message does not fit ends with exit code 1, whatever it ended
with itself, and the steps after it run all the same; with the second the task run ends with a reason of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from holkas.go_json import json_text
from holkas.model.param import ResultSpec
from holkas.model.record import Condition, StepRecord
from holkas.model.step import Step
from holkas.model.task import TaskSpec
from holkas.pipeline.task_status import too_large_condition
from holkas.records import dataclass

from holkas_builtin.runner.beneath import NotPlain, read_beneath
from holkas_builtin.runner.emitted import LARGEST_RESULT

MESSAGE = 4096
"""Bytes of a termination message (kubelet)."""

_TASK, _INTERNAL, _STEP = 1, 3, 4
"""Types of what is in a message (pkg/result)."""

_TIME = "2006-01-02T15:04:05.000Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultLimits:
    """``source``: ``files`` (no limit but a warning), ``termination-message`` or ``sidecar-logs``. size: of a line."""

    source: str = "files"
    size: int = MESSAGE

    def message_of(
        self, root: Path, own: str, spec: TaskSpec, step: Step, code: int
    ) -> tuple[int, tuple[str, ...]]:
        """Bytes of the message after a step, and the results of the task that are in it.

        root: the attempt's directory. own: the step's, below it.
        """
        task = [*_texts(root, "tekton/results", (one for one in spec.results if one.value is None))]
        entries = [_entry(name, value, _TASK) for name, value in task]
        entries += [
            _entry(name, value, _STEP) for name, value in _texts(root, f"{own}/results", step.results)
        ]
        entries.append(_entry("StartedAt", _TIME, _INTERNAL))
        if code and step.on_error == "continue":
            entries.append(_entry("ExitCode", str(code), _INTERNAL))
        return sum(map(len, entries)) + len(entries) + 1, tuple(name for name, _ in task)

    def too_large(
        self, root: Path, run: str, spec: TaskSpec, steps: Iterable[tuple[str, Step]]
    ) -> Condition | None:
        """The condition of a task run with a result that does not fit in a line of the sidecar's log.

        steps: each with its own directory below ``root``.
        """
        if self.source != "sidecar-logs":
            return None
        plain = (one for one in spec.results if one.value is None)
        lines = [_line(name, value, "task") for name, value in _texts(root, "tekton/results", plain)]
        for own, step in steps:
            name = own.rpartition("/")[2]
            lines += [
                _line(f"{name}.{key}", value, "step")
                for key, value in _texts(root, f"{own}/results", step.results)
            ]
        if all(len(line) <= self.size for line in lines):
            return None
        return too_large_condition(f'TaskRun "{run}" failed: results exceeded size limit {self.size} bytes')


def did_not_fit(record: StepRecord) -> str:
    """What is said of a step whose message is too long."""
    return (
        f"step {record.name}: results are too large for a termination message ({MESSAGE} bytes for all of a task's); "
        "see run.results-from"
    )


def _texts(root: Path, below: str, specs: Iterable[ResultSpec]) -> Iterable[tuple[str, str]]:
    for spec in specs:
        try:
            data = read_beneath(root, f"{below}/{spec.name}", LARGEST_RESULT)
        except (FileNotFoundError, NotPlain):
            continue
        yield spec.name, data.decode("utf-8", "replace")


def _entry(key: str, value: str, kind: int) -> bytes:
    return f'{{"key":{json_text(key)},"value":{json_text(value)},"type":{kind}}}'.encode()


def _line(name: str, value: str, kind: str) -> bytes:
    return f'{{"name":{json_text(name)},"value":{json_text(value)},"type":"{kind}"}}'.encode()
