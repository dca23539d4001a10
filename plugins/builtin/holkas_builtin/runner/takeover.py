"""Which outcomes of a run that went before still hold."""

from __future__ import annotations

from pathlib import Path

from holkas.model.record import TaskRunRecord
from holkas.records import dataclass, replace
from holkas.state.past_run import PastAttempt, PastRun

from holkas_builtin.runner.assignment import TaskAssignment
from holkas_builtin.runner.claims import claim_name
from holkas_builtin.runner.fingerprint import differences
from holkas_builtin.runner.kept_outcome import NotKept, record_of
from holkas_builtin.runner.run_context import RunContext
from holkas_builtin.runner.task_record import applied_spec, blank_record, digests_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is done with a task.

    record: its outcome, where it holds. earlier: failed attempts after which it goes on, where it does not.
    reason: why an outcome that is there does not hold; empty where there is none, and where it is no news.
    """

    record: TaskRunRecord | None = None
    place: int = 0
    time: float = 0.0
    earlier: tuple[TaskRunRecord, ...] = ()
    reason: str = ""


class Takeover:
    """The outcomes of a past run, judged for a run that goes on with it or begins anew with its request."""

    def __init__(self, past: PastRun, work: Path, *, same_run: bool) -> None:
        """work: the past run's working directory. same_run: the run itself goes on, its failures count too."""
        self.past = past
        self.same_run = same_run
        self._work = work

    @property
    def origin(self) -> str:
        """What events say of an outcome that is taken over; empty in the run that made it."""
        return "" if self.same_run else f"run {self.past.id}"

    def judge(self, assignment: TaskAssignment, context: RunContext, *, stale: bool) -> Verdict:
        """What is done with a task run. ``stale``: something before it runs again."""
        attempts = self.past.attempts.get((assignment.path, assignment.run.name), [])
        if not attempts:
            return Verdict()
        last = attempts[-1]
        if stale or (not self.same_run and not last.condition.succeeded):
            return Verdict()
        reason = self._changed(last, assignment, context)
        if reason:
            return Verdict(reason=reason)
        try:
            records = [
                self._record(each, number, assignment, context) for number, each in enumerate(attempts)
            ]
        except NotKept as error:
            return Verdict(reason=str(error))
        if last.retried:
            return Verdict(earlier=tuple(records))
        whole = replace(records[-1], attempts=tuple(records[:-1]))
        return Verdict(record=whole, place=last.place, time=last.time)

    def _record(
        self, past: PastAttempt, number: int, assignment: TaskAssignment, context: RunContext
    ) -> TaskRunRecord:
        blank = blank_record(assignment, context)
        if past.kept.get("applied"):
            blank = applied_spec(blank, assignment, context, number)
        return record_of(past, blank, self._work)

    def _changed(self, last: PastAttempt, assignment: TaskAssignment, context: RunContext) -> str:
        changed = differences(last.kept.get("fingerprint", {}), digests_of(assignment, context))
        if changed:
            return f"{' and '.join(changed)} changed"
        for binding in assignment.run.workspaces:
            claim = claim_name(binding, assignment.owner)
            if claim and not (context.directory.work / "claims" / claim).is_dir():
                return f"the content of its workspace {binding.name} is gone"
        return ""
