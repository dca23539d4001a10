"""Scenarios of Tekton's scheduler, each with what Tekton's own code makes of it, compared with a run of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from holkas.model.record import PipelineRunRecord

from tests.local_runs import Finished, Runner
from tests.shared import shared


def carried_out(case: Mapping[str, Any], runner: Runner, slower: Sequence[int] = (1, 1)) -> None:
    """Run a case and compare; those with sleeps that race each other may have another chance on a busy machine.

    slower: by how much all sleeps are made longer then: what starts slowly needs more between them.
    """
    text = manifest(case)
    chances = (1, *slower) if case["timing"] == "uses-sleep" else (1,)
    for factor in chances[:-1]:
        try:
            return compare(case, runner.run(slowed(text, factor)))
        except AssertionError:
            continue
    return compare(case, runner.run(slowed(text, chances[-1])))


def slowed(text: str, factor: int) -> str:
    return re.sub(r"\bsleep (\d+(?:\.\d+)?)", lambda found: f"sleep {float(found[1]) * factor:g}", text)


def label(case: Mapping[str, Any]) -> str:
    return str(case["id"])


def manifest(case: Mapping[str, Any]) -> str:
    return file(case).read_text("utf-8")


def file(case: Mapping[str, Any]) -> Path:
    return shared("cases", "tekton", "generated", "scenarios", case["id"], "run.yaml")


def compare(case: Mapping[str, Any], finished: Finished) -> None:
    """Everything that the case says, read from the status that ``-o json`` prints."""
    status = finished.status
    (condition,) = status["conditions"]
    assert (condition["status"], condition["reason"]) == (case["succeeded"], case["reason"])
    assert condition["message"].endswith(case["message"])
    skipped = sorted((task["name"], task["reason"]) for task in status.get("skippedTasks", ()))
    assert skipped == sorted((task["name"], task["reason"]) for task in case["skipped"])
    assert results(status) == case["results"]
    started: dict[str, list[Mapping[str, Any]]] = {}
    for child in status.get("taskRuns", {}).values():
        started.setdefault(child["pipelineTaskName"], []).append(child["status"])
    expected = case["tasks"]
    assert set(started) == set(expected)
    assert {task: overall(runs) for task, runs in started.items()} == {
        task: found["status"] for task, found in expected.items()
    }
    assert {task: [results(run) for run in runs] for task, runs in started.items()} == {
        task: listed(found["results"]) for task, found in expected.items()
    }
    passed = {task: found["params_substituted"] for task, found in expected.items()}
    assert params(finished) == passed


def overall(runs: Sequence[Mapping[str, Any]]) -> str:
    good = all(run["conditions"][0]["status"] == "True" for run in runs)
    return "Succeeded" if good else "Failed"


def results(status: Mapping[str, Any]) -> dict[str, Any]:
    return {result["name"]: result["value"] for result in status.get("results", ())}


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def params(finished: Finished) -> dict[str, list[dict[str, Any]]]:
    """What the pipeline passed to each run of each task, combinations in their order."""
    assert isinstance(finished.record, PipelineRunRecord)
    found: dict[str, list[dict[str, Any]]] = {}
    for child in finished.record.children:
        passed = {param.name: plain(param.value) for param in child.params}
        found.setdefault(child.pipeline_task, []).append(passed)
    return found


def plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
