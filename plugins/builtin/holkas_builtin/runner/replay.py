"""A pipeline run again up to where it stood: outcomes that hold are fed to the core in the order of their recording.

As they come in the order in which the core saw them the first time, and at the same time of the run's clock, it decides
the same again. What has to run is started when that is over, so that nothing starts that a later outcome forbids.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from heapq import heappop, heappush

from holkas.model.pipeline import PipelineSpec
from holkas.model.record import TaskRunRecord
from holkas.model.run_event import RunEventKind
from holkas.model.run_request import CancelMode
from holkas.pipeline.graph import dependencies
from holkas.records import dataclass

from holkas_builtin.runner.assignment import TaskAssignment
from holkas_builtin.runner.run_context import RunContext
from holkas_builtin.runner.takeover import Takeover
from holkas_builtin.runner.task_telling import tell_finished

Submit = Callable[[TaskAssignment, Sequence[TaskRunRecord]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fed:
    """What comes next: the end of a child run, or a wish that the run end. ``record`` None: of a pipeline inside."""

    name: str = ""
    record: TaskRunRecord | None = None
    wish: CancelMode | None = None
    time: float | None = None


class Replay:
    """Of one pipeline run. ``over`` once everything that holds has been fed."""

    def __init__(
        self, takeover: Takeover, context: RunContext, spec: PipelineSpec, path: str, *, stale: bool
    ) -> None:
        """stale: the pipeline is inside another one, and something before it runs again."""
        self.over = False
        self._takeover = takeover
        self._context = context
        self._path = path
        self._stale = stale
        self._parents = {task.name: dependencies(task) for task in spec.tasks}
        self._anew: set[str] = set()
        self._due: list[tuple[int, Fed]] = []
        self._held: dict[str, TaskAssignment] = {}
        self._waiting: list[tuple[TaskAssignment, Sequence[TaskRunRecord]]] = []
        self._skipped: Counter[tuple[str, str]] = Counter()
        if takeover.same_run:
            self._skipped = takeover.past.skipped
            for place, time, wish in () if path else takeover.past.wishes:
                heappush(self._due, (place, Fed(wish=wish, time=time)))

    @property
    def any_anew(self) -> bool:
        """Whether any task of the pipeline runs again or for the first time."""
        return bool(self._anew)

    def ran_anew(self, task: str) -> None:
        """Something inside a task that is a pipeline ran."""
        self._anew.add(task)

    def is_stale(self, task: str) -> bool:
        """Whether something before a task of the pipeline runs again."""
        if self._stale:
            return True
        pending = list(self._parents.get(task, self._parents))  # a finally task comes after all of them
        seen: set[str] = set()
        while pending:
            name = pending.pop()
            if name in self._anew:
                return True
            if name not in seen:
                seen.add(name)
                pending += self._parents.get(name, ())
        return False

    def launch(self, assignment: TaskAssignment, submit: Submit) -> None:
        """Hold an outcome that holds; start the task, or let it wait for the end of the replay."""
        stale = self.is_stale(assignment.pipeline_task)
        verdict = self._takeover.judge(assignment, self._context, stale=stale)
        if verdict.record is not None and not self.over:
            self._held[assignment.run.name] = assignment
            self._push(verdict.place, assignment.run.name, verdict.time, verdict.record)
            return
        self._anew.add(assignment.pipeline_task)
        if verdict.reason:
            text = f"{assignment.run.name} runs again: {verdict.reason}"
            self._context.journal.tell(RunEventKind.NOTE, text=text, level="info")
        if self.over:
            submit(assignment, verdict.earlier)
        else:
            self._waiting.append((assignment, verdict.earlier))

    def launch_pipeline(self, name: str, task: str) -> bool:
        """A pipeline inside the pipeline starts, and replays by itself; whether something before it runs again."""
        stale = self.is_stale(task)
        ended = self._takeover.past.pipelines.get((self._path, name))
        if stale or ended is None:
            self._anew.add(task)
        elif not self.over:
            self._push(*(ended[0], name, ended[1]))
        return stale

    def had_ended(self, name: str) -> bool:
        """Whether the end of the pipeline inside the pipeline is recorded in this run already."""
        return self._takeover.same_run and (self._path, name) in self._takeover.past.pipelines

    def next(self) -> Fed | None:
        """The next one in the order of the records; None when there is none any more."""
        return self._due[0][1] if self._due else None

    def take(self, fed: Fed) -> None:
        """It is fed now; in another run than the one that made it, it is recorded there too."""
        heappop(self._due)
        assignment = self._held.pop(fed.name, None)
        if assignment is not None and self._takeover.origin and fed.record is not None:
            number = len(fed.record.attempts)
            tell_finished(assignment, self._context, fed.record, number, origin=self._takeover.origin)

    def _push(self, place: int, name: str, time: float, record: TaskRunRecord | None = None) -> None:
        moment = time if self._takeover.same_run else None
        heappush(self._due, (place, Fed(name=name, record=record, time=moment)))

    def finish(self, submit: Submit) -> None:
        """Everything that holds has been fed: start what waits."""
        self.over = True
        for assignment, earlier in self._waiting:
            submit(assignment, earlier)
        self._waiting.clear()

    def not_started(self) -> set[str]:
        """Names of the task runs that are held or wait, so that nothing of them will end."""
        return {*self._held, *(assignment.run.name for assignment, _ in self._waiting)}

    def told_skip(self, task: str, reason: str) -> bool:
        """Whether it was told before that the task is skipped."""
        if self._skipped[task, reason] <= 0:
            return False
        self._skipped[task, reason] -= 1
        return True
