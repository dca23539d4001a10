"""One attempt of a task run: a place, its sidecars, its steps one after the other, what they left behind."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from holkas.extensions.executor import ExecutorError, Session
from holkas.model.record import Condition, StepRecord, TaskRunRecord
from holkas.model.task import TaskSpec
from holkas.pipeline.apply_task import (
    TaskContext,
    TaskWorkspaces,
    apply_to_task,
    step_directory,
    substitute_binding,
)
from holkas.pipeline.param_values import task_param_replacements
from holkas.pipeline.reasons import TaskRunReason
from holkas.pipeline.task_status import cancelled_condition, sidecar_condition
from holkas.pipeline.timeouts import attempt_timeout
from holkas.records import replace

from holkas_builtin.runner.assignment import TaskAssignment
from holkas_builtin.runner.credentials import credential_files
from holkas_builtin.runner.emitted import read_artifacts, read_results
from holkas_builtin.runner.errors import SetupError
from holkas_builtin.runner.place import AttemptPlace, make_place
from holkas_builtin.runner.pod import Pod
from holkas_builtin.runner.preflight import refuse_task
from holkas_builtin.runner.run_context import RunContext
from holkas_builtin.runner.step_directories import needs_tekton_files
from holkas_builtin.runner.step_sequence import StepSequence
from holkas_builtin.runner.step_start import StepStarter
from holkas_builtin.runner.task_bindings import with_claim
from holkas_builtin.runner.task_outcome import in_order, prepared_spec, results_of_steps, task_condition
from holkas_builtin.runner.waits import apart

if TYPE_CHECKING:
    from holkas_builtin.runner.sidecar_group import SidecarGroup


class Attempt:
    """Made, carried out once, closed. ``directory``: a place of the pool, given back by the caller.

    is_plain: whether nothing was made in the place beyond what the pool made.
    """

    def __init__(
        self, assignment: TaskAssignment, context: RunContext, spec: TaskSpec, directory: Path, number: int
    ) -> None:
        self._assignment = assignment
        self._context = context
        self._spec = spec
        self._directory = directory
        self._number = number
        self._session: Session | None = None
        self._uid = f"{context.run_id}-{assignment.run.name}"
        self._pod = Pod.of(assignment.run, self._uid)
        self.is_plain = not (spec.workspaces or spec.volumes or spec.sidecars)

    async def carry_out(self, record: TaskRunRecord) -> TaskRunRecord:
        """Run the attempt; what goes wrong is the record's condition."""
        cancellation = self._assignment.cancellation
        debugging = self._context.debugging
        elsewhere = debugging is not None and debugging.task_run != record.name
        if cancellation.is_set or elsewhere:  # while it waited for its turn
            condition = cancelled_condition(record.name, cancellation.message)
            return replace(record, condition=condition, finished=time.time())
        timeout = attempt_timeout(self._assignment.run.timeout) if debugging is None else None
        deadline = float("inf") if timeout is None else time.monotonic() + timeout
        try:
            applied = self.applied()
            record = replace(record, applied_spec=applied)
            refusal = refuse_task(applied, self._context)
            if refusal is not None:
                return replace(record, condition=refusal, finished=time.time())
            made = self._make(applied)
            self._session = self._context.executor.open(made.place)
            return await self._run(record, applied, made, deadline)
        except SetupError as error:
            return self._failed(record, error.reason, str(error))
        except ExecutorError as error:
            return self._failed(record, TaskRunReason.POD_CREATION_FAILED, str(error))

    def close(self) -> None:
        """End whatever still runs in the attempt's world."""
        if self._session is not None:
            self._session.close()

    def _failed(self, record: TaskRunRecord, reason: str, message: str) -> TaskRunRecord:
        condition = Condition(status="False", reason=reason, message=message)
        return replace(record, condition=condition, finished=time.time())

    def applied(self) -> TaskSpec:
        """The spec as it is run: step actions put in place, the template merged, variables replaced.

        Raises SetupError.
        """
        run = self._assignment.run
        spec = prepared_spec(self._spec, run.params, self._context)
        bindings = tuple(
            substitute_binding(binding, task_param_replacements(spec.params, run.params))
            for binding in run.workspaces
        )
        return apply_to_task(
            spec,
            params=run.params,
            context=TaskContext(
                run_name=run.name,
                namespace=run.namespace,
                uid=self._uid,
                task_name=self._assignment.task_name,
                retries=self._number,
            ),
            workspaces=TaskWorkspaces(
                bindings=tuple(with_claim(binding, self._assignment.owner) for binding in bindings),
                volumes={binding.name: f"ws-{binding.name}" for binding in bindings},
            ),
        )

    def _make(self, spec: TaskSpec) -> AttemptPlace:
        run = self._assignment.run
        made = make_place(self._directory)
        if spec.volumes or spec.workspaces or run.settings.pod_template.get("volumes"):
            from holkas_builtin.runner.place_volumes import furnish

            replacements = task_param_replacements(spec.params, run.params)
            bindings = {binding.name: substitute_binding(binding, replacements) for binding in run.workspaces}
            furnish(
                made,
                spec,
                bindings,
                run.settings,
                self._context,
                pod=self._pod,
                owner=self._assignment.owner,
            )
        return made

    async def _run(
        self, record: TaskRunRecord, spec: TaskSpec, made: AttemptPlace, deadline: float
    ) -> TaskRunRecord:
        assert self._session is not None
        run, cancellation = self._assignment.run, self._assignment.cancellation
        log_name = self._assignment.log_name(self._number)
        has_files = needs_tekton_files(spec)
        if has_files:
            self._context.places.add_files(self._directory)
        starter = StepStarter(
            self._session,
            self._context,
            spec,
            made,
            run,
            self._pod,
            credentials=credential_files(run.settings.service_account, self._context.catalog),
            has_files=has_files,
        )
        sidecars = self._sidecars(spec, made, log_name)
        sequence = StepSequence(
            starter,
            self._context,
            spec,
            made,
            task=run.name,
            log_name=log_name,
            cancellation=cancellation,
            deadline=deadline,
            has_files=has_files,
            pump=_nothing if sidecars is None else sidecars.pump,
        )
        try:
            if sidecars is not None:
                self._context.journal.release()
                await apart(partial(sidecars.start, deadline))
            steps = await sequence.carry_out()
        finally:
            stopped: tuple[StepRecord, ...] = ()
            if sidecars is not None:
                self._context.journal.release()
                stopped = await apart(sidecars.stop)
        record = self._finish(replace(record, sidecars=stopped) if stopped else record, spec, made, steps)
        record = self._limited(record, spec, made, sequence)
        if sidecars is not None and sidecars.failed is not None and record.condition.succeeded:
            condition = sidecar_condition(sidecars.failed, ignored=self._assignment.ignored)
            return replace(record, condition=condition)
        return record

    def _sidecars(self, spec: TaskSpec, made: AttemptPlace, log_name: str) -> SidecarGroup | None:
        if not spec.sidecars:
            return None
        from holkas_builtin.runner.sidecar_group import SidecarGroup

        assert self._session is not None
        return SidecarGroup(
            self._session,
            self._context,
            spec,
            made,
            self._assignment.run,
            self._pod,
            log_name=log_name,
            cancellation=self._assignment.cancellation,
        )

    def _limited(
        self, record: TaskRunRecord, spec: TaskSpec, made: AttemptPlace, sequence: StepSequence
    ) -> TaskRunRecord:
        """The record with what a cluster would have taken of its results."""
        if sequence.lost_results:
            known = tuple(result for result in record.results if result.name in sequence.delivered)
            return replace(record, results=known)
        if record.condition.reason in (TaskRunReason.CANCELLED, TaskRunReason.TIMED_OUT):
            return record
        steps = [
            (f"tekton/steps/{step_directory(step.name, index)}", step)
            for index, step in enumerate(spec.steps)
        ]
        refusal = self._context.limits.too_large(made.directory, record.name, spec, steps)
        return record if refusal is None else replace(record, condition=refusal, results=())

    def _finish(
        self, record: TaskRunRecord, spec: TaskSpec, made: AttemptPlace, steps: tuple[StepRecord, ...]
    ) -> TaskRunRecord:
        plain = [result for result in spec.results if result.value is None]
        results, problems = read_results(made.directory, "tekton/results", plain)
        results = in_order(spec, (*results, *results_of_steps(spec, steps)))
        inputs, outputs = (
            read_artifacts(made.directory, "tekton/artifacts/provenance.json")
            if needs_tekton_files(spec)
            else ((), ())
        )
        condition, results = task_condition(
            self._assignment.run,
            spec,
            steps,
            results,
            problems,
            ignored=self._assignment.ignored,
            timeout=attempt_timeout(self._assignment.run.timeout),
            message=self._assignment.cancellation.message,
        )
        return replace(
            record,
            condition=condition,
            steps=steps,
            results=results,
            inputs=inputs,
            outputs=outputs,
            finished=time.time(),
        )


def _nothing() -> None:
    """No sidecar, no output of one."""
