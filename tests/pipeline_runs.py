"""Small pipelines in a few words, and a way to run them, for tests of scheduling."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from holkas.model.param import Param, Result, ResultSpec
from holkas.model.pipeline import Matrix, PipelineSpec, PipelineTask
from holkas.model.record import Condition
from holkas.model.run import Timeouts
from holkas.model.value import Value
from holkas.model.when import When
from holkas.pipeline.decision import Conclusion, Decision, Launch
from holkas.pipeline.progress import Progress, RunFacts

SUCCEEDED = Condition(status="True", reason="Succeeded")
FAILED = Condition(status="False", reason="StepFailed")
CANCELLED = Condition(status="False", reason="TaskRunCancelled")

Outcome = Condition | tuple[Condition, Mapping[str, Value]]


def task(
    name: str,
    *after: str,
    when: When | None = None,
    matrix: Mapping[str, Value] | None = None,
    on_error: str = "",
    **params: Value,
) -> PipelineTask:
    """A pipeline task that runs after others."""
    return PipelineTask(
        name=name,
        run_after=after,
        when=() if when is None else (when,),
        on_error=on_error,
        params=tuple(Param(name=key, value=value) for key, value in params.items()),
        matrix=None
        if matrix is None
        else Matrix(params=tuple(Param(name=key, value=value) for key, value in matrix.items())),
    )


def pipeline(*tasks: PipelineTask, last: Sequence[PipelineTask] = (), **results: Value) -> PipelineSpec:
    """A pipeline of tasks, finally tasks and results."""
    return PipelineSpec(
        tasks=tasks,
        finally_=tuple(last),
        results=tuple(ResultSpec(name=name, value=value) for name, value in results.items()),
    )


NEVER = When(input="a", operator="in", values=("b",))
RUN = "run"


@dataclass
class Drive:
    """Runs a pipeline: ``outcomes`` by child run, without the run's own name; all others succeed with nothing."""

    spec: PipelineSpec
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    timeouts: Timeouts = field(default_factory=Timeouts)
    on_launch: Callable[[Launch], None] = lambda launch: None
    now: float = 0.0

    def __post_init__(self) -> None:
        self.progress = Progress(self.spec, RunFacts(run_name=RUN, timeouts=self.timeouts))
        self.running: list[str] = []
        self.launched: dict[str, Launch] = {}
        self.decisions: list[Decision] = []

    def take(self, decision: Decision) -> Decision:
        """Do what a runner does with a decision."""
        self.decisions.append(decision)
        for launch in decision.launch:
            name = launch.name.removeprefix(f"{RUN}-")
            assert name not in self.launched
            self.launched[name] = launch
            self.running.append(name)
            self.on_launch(launch)
        return decision

    def begin(self) -> Decision:
        return self.take(self.progress.begin(self.now))

    def done(self, name: str, outcome: Outcome | None = None) -> Decision:
        """A child run has ended."""
        outcome = outcome or self.outcomes.get(name, SUCCEEDED)
        condition, results = (outcome, {}) if isinstance(outcome, Condition) else outcome
        self.running.remove(name)
        emitted = [Result(name=key, value=value) for key, value in results.items()]
        return self.take(self.progress.task_done(f"{RUN}-{name}", condition, emitted, now=self.now))

    def to_the_end(self) -> Conclusion:
        """Begin if that was not done, then end what runs, the oldest first, until there is a conclusion."""
        if not self.decisions:
            self.begin()
        while self.running:
            self.done(self.running[0])
        conclusion = self.progress.conclusion
        assert conclusion is not None
        return conclusion

    def skipped(self) -> dict[str, str]:
        """Reasons as they are in the end."""
        assert self.progress.conclusion is not None
        return {skipped.name: skipped.reason for skipped in self.progress.conclusion.skipped}
