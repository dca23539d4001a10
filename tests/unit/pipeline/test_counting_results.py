"""A task that counts the results of a running matrix waits for it, whoever is faster."""

from __future__ import annotations

from holkas.model.param import Param, Result
from holkas.model.pipeline import Matrix, PipelineSpec, PipelineTask
from holkas.model.record import Condition
from holkas.model.task import TaskSpec
from holkas.pipeline.counting import counted_tasks
from holkas.pipeline.graph import build_graph
from holkas.pipeline.progress import Progress
from holkas.pipeline.run_state import RunFacts

GOOD = Condition(status="True", reason="Succeeded")
BAD = Condition(status="False", reason="StepFailed")


def counting(name: str, counted: str, *after: str) -> PipelineTask:
    param = Param(name="n", value=f"$(tasks.{counted}.matrix.r.length)")
    return PipelineTask(name=name, task_spec=TaskSpec(), params=(param,), run_after=after)


def many(name: str) -> PipelineTask:
    matrix = Matrix(params=(Param(name="x", value=["1", "2"]),))
    return PipelineTask(name=name, task_spec=TaskSpec(), matrix=matrix)


def plain(name: str) -> PipelineTask:
    return PipelineTask(name=name, task_spec=TaskSpec())


def started(*tasks: PipelineTask) -> tuple[Progress, list[str]]:
    progress = Progress(PipelineSpec(tasks=tasks), RunFacts(run_name="r"))
    return progress, [launch.name for launch in progress.begin(0).launch]


def end(progress: Progress, name: str, condition: Condition = GOOD) -> dict[str, object]:
    results = (Result(name="r", value="v"),) if "many" in name else ()
    decision = progress.task_done(name, condition, results, now=1)
    return {launch.name: launch.params[0].value for launch in decision.launch}


def test_it_waits_for_a_matrix_that_already_runs():
    tasks = (many("many"), plain("first"), counting("count", "many", "first"))
    assert build_graph(tasks).parents[2] == [1]
    progress, first = started(*tasks)
    assert first == ["r-many-0", "r-many-1", "r-first"]
    assert end(progress, "r-first") == {}
    assert end(progress, "r-many-0") == {}
    assert end(progress, "r-many-1") == {"r-count": "2"}


def test_a_matrix_that_starts_at_the_same_moment_counts_nothing():
    _, first = started(many("many"), counting("count", "many"))
    assert first == ["r-many-0", "r-many-1", "r-count"]


def test_it_is_skipped_with_the_rest_when_the_matrix_fails():
    progress, _ = started(many("many"), plain("first"), counting("count", "many", "first"))
    end(progress, "r-first")
    end(progress, "r-many-0", BAD)
    decision = progress.task_done("r-many-1", GOOD, (), now=2)
    assert [(task.name, task.reason) for task in decision.skipped] == [("count", "PipelineRun was stopping")]
    assert decision.conclusion is not None and decision.conclusion.condition.reason == "Failed"


def test_only_lengths_of_results_are_counted():
    other = Param(name="n", value="$(tasks.many.matrix.length) $(tasks.many.results.r)")
    assert counted_tasks(PipelineTask(name="t", params=(other,))) == set()
