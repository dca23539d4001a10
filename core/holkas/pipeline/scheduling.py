"""Steps of the state machine: start, skip, end, cancel. What they decide is collected until it is taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from holkas.model.record import Condition, SkippedTask
from holkas.pipeline.apply_results import apply_statuses
from holkas.pipeline.cel import CelError, evaluate
from holkas.pipeline.counting import running_counted
from holkas.pipeline.decision import Cancellation, Launch
from holkas.pipeline.finally_tasks import Statuses
from holkas.pipeline.launches import MatrixTypeError, launches
from holkas.pipeline.passed_params import misfit, not_in_enum
from holkas.pipeline.reasons import PipelineRunReason, SkipReason, TaskRunReason
from holkas.pipeline.results_state import index_problem, missing_result
from holkas.pipeline.run_state import RunState
from holkas.pipeline.skipping import judge, judge_finally
from holkas.pipeline.task_state import ChildRun, Phase, TaskState

FAILED_MESSAGE = "TaskRun cancelled as the PipelineRun it belongs to has failed."


class Scheduler:
    """Changes a :class:`RunState` and remembers what a runner must be told.

    failure: why the run ends at once, without its finally tasks; None while all is well.
    """

    def __init__(self, run: RunState) -> None:
        self.run = run
        self.failure: Condition | None = None
        self.launch: list[Launch] = []
        self.skipped: list[SkippedTask] = []
        self.cancel: list[Cancellation] = []
        self.by_child: dict[str, tuple[TaskState, ChildRun]] = {}
        self._told: set[str] = set()
        self._consumers = _consumers(run)
        self._held: dict[int, list[TaskState]] = defaultdict(list)
        self._blocked = False
        self._hung = False

    def conditions_hold_up(self) -> bool:
        """Whether all conditions in CEL can be evaluated before anything starts; if not the run ends.

        Tekton evaluates them all from the beginning, results and statuses still being the references that stand
        there: ``int('$(tasks.a.results.count)') > 1`` fails the run at once (EvaluateCEL of the pipeline run reconciler).
        """
        try:
            for state in self.run.all_tasks():
                for expression in state.task.when:
                    if expression.cel:
                        evaluate(expression.cel)
        except CelError as error:
            self.abort(PipelineRunReason.CEL_EVALUATION_FAILED, self._cel_message(error))
            return False
        return True

    def advance(self, ready: list[TaskState]) -> None:
        """Skip or start tasks whose parents are done, and what becomes ready by their being skipped.

        If one of them needs a result that is missing, none of them starts, and no later one does. Those that become
        ready while others still run are looked at all the same: they too may be found to lack a result.
        """
        due = self._sort_out(ready)
        for state in due:
            if state.problem:
                self._blocked = True
                state.phase = Phase.INVALID
                self.run.open_tasks -= 1
        if self._blocked:
            self._give_up()
            return
        due.sort(key=lambda state: state.node)
        for state in due:
            self._start(state)

    def end(self, state: TaskState) -> None:
        """All runs of a task have ended: file its results, then go on with those that waited for it."""
        run = self.run
        state.phase = Phase.ENDED
        run.results[state.name] = state.results_for_others()
        if state.succeeded and (artifacts := state.artifacts()) is not None:
            run.artifacts[state.name] = artifacts
        if state.is_finally:
            run.open_last -= 1
            return
        run.open_tasks -= 1
        if self.failure is not None or run.ending:
            return
        if message := self._result_problem(state):
            self.abort(PipelineRunReason.VALIDATION_FAILED, message)
        elif state.failed and not state.failure_ignored:
            self.stop()
        elif run.overall_skip_reason is None:
            self.advance(self._release(state))

    def stop(self) -> None:
        """A failure that counts: nothing new of the graph starts."""
        self.run.stopping = True
        self.skip_rest()

    def skip_rest(self) -> None:
        """Skip all tasks of the graph that have not started, for the reason that holds for the whole run.

        A task that could not be started for want of a result is then no more than one that was not started.
        """
        reason = self.run.overall_skip_reason
        if reason is None:
            return
        for state in self.run.tasks:
            if state.phase is Phase.INVALID:
                self.run.open_tasks += 1
                self._skip(state, reason)
            elif state.phase is Phase.WAITING:
                self._skip(state, reason)

    def start_finally(self) -> None:
        """Start or skip the finally tasks; all tasks of the graph are done.

        Where a task was left waiting in a run that lacks results and comes after those that lack them, Tekton never
        fills in the others' statuses (it asks for what it remembers of that task, runNextSchedulableTask): if no
        finally task would start without them, none does.
        """
        try:
            reasons = [judge_finally(self.run, state) for state in self.run.last] if self._hung else [None]
            if None in reasons:
                statuses = Statuses(self.run)
                for state in self.run.last:
                    state.task = apply_statuses(state.task, statuses)
                reasons = [judge_finally(self.run, state) for state in self.run.last]
        except CelError as error:
            self.abort(PipelineRunReason.CEL_EVALUATION_FAILED, self._cel_message(error))
            return
        for state, reason in zip(self.run.last, reasons, strict=True):
            if reason is None:
                self._start(state)
            else:
                self._skip(state, reason)

    def abort(self, reason: PipelineRunReason, message: str) -> None:
        """End the run at once; what runs is cancelled, what was to start is not."""
        self.failure = Condition(status="False", reason=reason, message=message)
        started = {launch.name for launch in self.launch}
        self.launch.clear()
        for name in started:
            state, child = self.by_child.pop(name)
            state.runs.remove(child)
            state.open_runs -= 1
            state.phase = Phase.WAITING
            self.run.open_runs -= 1
        self.cancel_runs(self.run.all_tasks(), FAILED_MESSAGE)

    def cancel_runs(self, states: Iterable[TaskState], message: str, *, timed_out: bool = False) -> None:
        """Tell the running ones among these tasks to end."""
        for state in states:
            if state.phase is not Phase.RUNNING:
                continue
            for child in state.runs:
                if child.condition is None and child.name not in self._told:
                    self._told.add(child.name)
                    child.timed_out = timed_out
                    self.cancel.append(
                        Cancellation(taskrun=child.name, reason=TaskRunReason.CANCELLED, message=message)
                    )

    def _start(self, state: TaskState) -> None:
        if self.failure is not None:
            return
        try:
            started = launches(self.run, state)
        except MatrixTypeError as error:
            message = f'Failed to validate matrix "{self.run.facts.run_name}" with error {error}'
            self.abort(PipelineRunReason.INVALID_MATRIX_PARAMETER_TYPES, message)
            return
        for launch in started:
            if message := not_in_enum(self.run, state, launch.params):
                self.abort(PipelineRunReason.INVALID_PARAM_VALUE, message)
                return
        state.phase = Phase.RUNNING
        state.open_runs = len(started)
        self.run.open_runs += len(started)
        self.launch += started
        for launch in started:
            child = ChildRun(launch.name)
            state.runs.append(child)
            self.by_child[launch.name] = (state, child)

    def _skip(self, state: TaskState, reason: SkipReason) -> None:
        if state.name in self.run.facts.left_out:
            reason = SkipReason.LEFT_OUT
        state.phase = Phase.SKIPPED
        state.skip_reason = reason
        if state.is_finally:
            self.run.open_last -= 1
        else:
            self.run.open_tasks -= 1
        self.skipped.append(self.run.skipped_task(state))

    def _sort_out(self, ready: list[TaskState]) -> list[TaskState]:
        """Skip what is to be skipped and what becomes ready by that; the others are due."""
        due: list[TaskState] = []
        for state in ready:  # grows as skipped tasks set others free
            if state.phase is not Phase.WAITING:
                continue
            counted = running_counted(self.run, state)
            if counted is not None:
                self._held[counted.node].append(state)
                continue
            try:
                reason = judge(self.run, state)
            except CelError as error:
                self.abort(PipelineRunReason.CEL_EVALUATION_FAILED, self._cel_message(error))
                return []
            if reason is None:
                due.append(state)
            else:
                self._skip(state, reason)
                ready.extend(self._release(state))
        return due

    def _give_up(self) -> None:
        """Skip what is left once nothing runs any more in a run that lacks results.

        A task that lacks results and whose failure would be ignored does not stop the others, so that these keep the
        reasons of their own. With Tekton a run in which one of them could still start would then hang for ever: here
        it stops.
        """
        if self.run.open_runs:
            return
        tasks = self.run.tasks
        invalid = [state for state in tasks if state.phase is Phase.INVALID]
        last = max((state.node for state in invalid), default=-1)
        self._hung = any(
            state.phase is Phase.WAITING and (state.node > last or state.waiting) for state in tasks
        )
        if all(state.failure_ignored for state in invalid):
            self._sort_out([child for state in invalid for child in self._release(state)])
        waiting = [state for state in tasks if state.phase is Phase.WAITING]
        if waiting or not all(state.failure_ignored for state in invalid):
            self.run.stopping = True
        for state in waiting:
            self._skip(state, SkipReason.STOPPING)

    def _release(self, state: TaskState) -> list[TaskState]:
        """The children that are ready now that a task is done."""
        skips_children = state.skip_reason not in (None, SkipReason.WHEN_EXPRESSIONS, SkipReason.LEFT_OUT)
        ready = self._held.pop(state.node, [])
        for node in self.run.graph.children[state.node]:
            child = self.run.tasks[node]
            child.waiting -= 1
            child.parent_skipped |= skips_children
            if not child.waiting:
                ready.append(child)
        return ready

    def _result_problem(self, producer: TaskState) -> str:
        """What is wrong with a result in a task all of whose results are known, whether it is due or not.

        Either an index that does not exist, or a value that does not fit the param that it is passed to.
        """
        consumers = self._consumers.get(producer.name, ())
        name = self.run.facts.run_name
        for consumer in consumers:
            if missing_result(self.run, consumer) is None and (problem := index_problem(self.run, consumer)):
                whole = f"{self.run.facts.namespace}/{name}"
                return f"PipelineRun {whole} can't be Run; couldn't resolve all references: {problem}"
        for consumer in consumers:
            if problem := misfit(self.run, consumer):
                return f"Validation failed for pipelinerun {name} with error {problem}"
        return ""

    def _cel_message(self, error: CelError) -> str:
        return f"Error evaluating CEL {self.run.facts.run_name}: {error}"


def _consumers(run: RunState) -> dict[str, list[TaskState]]:
    """Tasks by each of the tasks whose results they need."""
    consumers: dict[str, list[TaskState]] = defaultdict(list)
    for state in run.all_tasks():
        for name in {reference.task for reference in state.references}:
            consumers[name].append(state)
    return consumers
