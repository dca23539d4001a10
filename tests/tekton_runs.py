"""TaskRuns and PipelineRuns in a few words, as texts to be run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

RESULT = "$(results.out.path)"
"""Where a task made here leaves its one result, ``out``."""


def task_run(
    *steps: Mapping[str, Any] | str, name: str = "once", run: Mapping[str, Any] | None = None, **spec: Any
) -> str:
    """A TaskRun of these steps (a text is a script).

    ``run``: further fields of the run's spec; ``spec``: of the task's.
    """
    return document("TaskRun", name, {**(run or {}), "taskSpec": task_spec(*steps, **spec)})


def pipeline_run(
    *tasks: Mapping[str, Any],
    last: Sequence[Mapping[str, Any]] = (),
    results: Mapping[str, str] | None = None,
    run: Mapping[str, Any] | None = None,
    name: str = "flow",
    **spec: Any,
) -> str:
    """A PipelineRun. ``run``: further fields of the run's spec; ``spec``: of the pipeline's."""
    wanted = [{"name": key, "value": value} for key, value in (results or {}).items()]
    pipeline = {"tasks": list(tasks), "finally": list(last), "results": wanted, **spec}
    return document("PipelineRun", name, {**(run or {}), "pipelineSpec": pipeline})


def task(
    name: str, *steps: Mapping[str, Any] | str, params: Mapping[str, Any] | None = None, **fields: Any
) -> dict[str, Any]:
    """A task of a pipeline with a spec of its own, which takes what it is passed and has the result ``out``.

    ``spec`` among the fields: further fields of the task's spec.
    """
    passed = [{"name": key, "value": value} for key, value in (params or {}).items()]
    declared = [{"name": key, "type": _type(value)} for key, value in (params or {}).items()]
    spec = {"params": declared, **fields.pop("spec", {})}
    return {"name": name, "params": passed, "taskSpec": task_spec(*steps, **spec), **fields}


def task_spec(*steps: Mapping[str, Any] | str, **spec: Any) -> dict[str, Any]:
    """A task's spec; the image is bash where nothing is said."""
    made = [{"image": "bash", **({"script": step} if isinstance(step, str) else step)} for step in steps]
    return {"results": [{"name": "out"}], "steps": made, **spec}


def document(kind: str, name: str, spec: Mapping[str, Any]) -> str:
    """A document of Tekton's as text."""
    return json.dumps({"apiVersion": "tekton.dev/v1", "kind": kind, "metadata": {"name": name}, "spec": spec})


def when(value: str, *values: str, operator: str = "in") -> list[dict[str, Any]]:
    """One when expression."""
    return [{"input": value, "operator": operator, "values": list(values)}]


def _type(value: Any) -> str:
    if isinstance(value, str):
        return "array" if value.endswith("[*])") else "string"
    return "array" if isinstance(value, list) else "object"
