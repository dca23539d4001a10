"""What finally tasks may know: how the other tasks ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from holkas.pipeline.reasons import TaskStatus
from holkas.pipeline.run_state import RunState
from holkas.pipeline.task_state import Phase


def aggregate_status(run: RunState) -> TaskStatus:
    """The value of ``$(tasks.status)`` once all tasks of the graph are done.

    Failed if any failed, an ignored failure included, else Completed if any was skipped, else Succeeded. One that could
    not be started for want of a result has neither failed nor been skipped (GetPipelineTaskStatus).
    """
    aggregate = TaskStatus.SUCCEEDED
    for state in run.tasks:
        if state.any_failed:
            return TaskStatus.FAILED
        if state.phase is Phase.SKIPPED:
            aggregate = TaskStatus.COMPLETED
    return aggregate


class Statuses(Mapping[str, str]):
    """``tasks.<name>.status``, ``tasks.<name>.reason`` and ``tasks.status``, worked out when asked for."""

    __slots__ = ("_aggregate", "_run")

    def __init__(self, run: RunState) -> None:
        self._run = run
        self._aggregate = aggregate_status(run)

    def __getitem__(self, key: str) -> str:
        if key == "tasks.status":
            return str(self._aggregate)
        scope, _, rest = key.partition(".")
        name, _, what = rest.rpartition(".")
        state = self._run.by_name.get(name)
        if scope != "tasks" or state is None or state.is_finally or what not in ("status", "reason"):
            raise KeyError(key)
        return str(state.status) if what == "status" else state.reason

    def __iter__(self) -> Iterator[str]:
        for state in self._run.tasks:
            yield f"tasks.{state.name}.status"
            yield f"tasks.{state.name}.reason"
        yield "tasks.status"

    def __len__(self) -> int:
        return 2 * len(self._run.tasks) + 1
