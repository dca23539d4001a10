"""Runs of whole pipelines, with the tasks' outcomes taken from the cases: scheduling as Tekton's own code does it."""

from __future__ import annotations

import heapq
import re
from collections.abc import Mapping
from typing import Any

import pytest
from holkas.model.catalog import Catalog
from holkas.model.param import Result
from holkas.model.pipeline import PipelineSpec, PipelineTask
from holkas.model.record import Condition
from holkas.model.run import PipelineRun
from holkas.model.task import TaskSpec
from holkas.model.value import Value
from holkas.pipeline.admission import refuse
from holkas.pipeline.decision import Conclusion, Launch
from holkas.pipeline.progress import Progress, RunFacts

from tests.shared import rows, shared
from tests.tekton_documents import run_with_catalog

pytestmark = pytest.mark.conformance

CASES = list(rows("tekton", "generated", "scenarios", "expected.jsonl"))
SLEEP = re.compile(r"\bsleep ([0-9.]+)")


class Simulation:
    """Runs launches in virtual time: a task takes as long as the sleeps in its steps."""

    def __init__(
        self, run: PipelineRun, spec: PipelineSpec, catalog: Catalog, tasks: Mapping[str, Any]
    ) -> None:
        self.catalog = catalog
        self.expected = tasks
        self.launched: dict[str, list[Launch]] = {}
        self.progress = Progress(
            spec,
            RunFacts(
                run_name=run.name,
                namespace=run.namespace,
                pipeline_name=run.ref.name if run.ref else run.name,
                params=run.params,
                workspaces=frozenset(workspace.name for workspace in run.workspaces),
                embedded=run.spec is not None,
            ),
        )

    def run(self) -> Conclusion:
        running: list[tuple[float, int, Launch]] = []
        now, count = 0.0, 0
        decision = self.progress.begin(now)
        while decision.conclusion is None:
            for launch in decision.launch:
                count += 1
                heapq.heappush(running, (now + self.duration(launch), count, launch))
                self.launched.setdefault(launch.pipeline_task.name, []).append(launch)
            assert running, "nothing runs, but the run has not ended"
            now, _, launch = heapq.heappop(running)
            condition, results = self.outcome(launch)
            decision = self.progress.task_done(launch.name, condition, results, now=now)
        assert not running
        return decision.conclusion

    def duration(self, launch: Launch) -> float:
        spec = self.task_spec(launch.pipeline_task)
        texts = [text for step in spec.steps for text in (step.script, *step.command, *step.args)]
        return sum(float(seconds) for text in texts for seconds in SLEEP.findall(text))

    def task_spec(self, task: PipelineTask) -> TaskSpec:
        if task.task_spec is not None:
            return task.task_spec
        assert task.ref is not None
        return self.catalog.tasks[task.ref.name].spec

    def outcome(self, launch: Launch) -> tuple[Condition, list[Result]]:
        expected = self.expected[launch.pipeline_task.name]
        status, results = expected["status"], expected["results"]
        if launch.combination is not None:
            results = results[launch.combination]
            status = expected["combination_status"][launch.combination]
        emitted = [Result(name=name, value=value) for name, value in results.items()]
        if status == "Succeeded":
            return Condition(status="True", reason="Succeeded"), emitted
        reason = "FailureIgnored" if launch.pipeline_task.on_error == "continue" else "StepFailed"
        return Condition(status="False", reason=reason), emitted


def plain(value: Value) -> Any:
    if isinstance(value, str):
        return value
    return dict(value) if isinstance(value, Mapping) else list(value)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_scenario(case: dict[str, Any]) -> None:
    path = shared("cases", "tekton", "generated", "scenarios", case["id"], "run.yaml")
    run, catalog = run_with_catalog(path.read_text(encoding="utf-8"))
    spec = run.spec or catalog.pipelines[run.ref.name if run.ref else ""].spec
    simulation = Simulation(run, spec, catalog, case["tasks"])
    refusal = refuse(run, spec, catalog)
    conclusion = simulation.run() if refusal is None else Conclusion(condition=refusal)
    assert str(conclusion.condition.status) == case["succeeded"]
    assert str(conclusion.condition.reason) == case["reason"]
    assert conclusion.condition.message.endswith(case["message"])
    assert {
        name: [{param.name: plain(param.value) for param in launch.params} for launch in launches]
        for name, launches in simulation.launched.items()
    } == {name: task["params_substituted"] for name, task in case["tasks"].items()}
    skipped = sorted((task.name, task.reason) for task in conclusion.skipped)
    assert skipped == [(task["name"], task["reason"]) for task in case["skipped"]]
    assert {result.name: plain(result.value) for result in conclusion.results} == case["results"]
