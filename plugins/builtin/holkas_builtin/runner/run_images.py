"""The images that a run will need, as far as they can be known before it begins."""

from __future__ import annotations

from collections.abc import Iterator

from holkas.model.catalog import Catalog
from holkas.model.pipeline import PipelineSpec
from holkas.model.run import PipelineRun, Run
from holkas.model.task import TaskSpec
from holkas.pipeline.admission import resolved_task

_DEEPEST = 8


def images_of(run: Run, catalog: Catalog) -> tuple[str, ...] | None:
    """Each once; None where not all are known: one holds a variable, or stands in what a resolver finds later."""
    found: dict[str, None] = {}
    for spec in _tasks(run, catalog):
        if spec is None:
            return None
        for image in _images(spec, catalog):
            if image is None or "$(" in image:
                return None
            found[image] = None
    return tuple(image for image in found if image)


def _tasks(run: Run, catalog: Catalog) -> Iterator[TaskSpec | None]:
    if isinstance(run, PipelineRun):
        spec = run.spec
        if spec is None and run.ref is not None and run.ref.key in catalog.pipelines:
            spec = catalog.pipelines[run.ref.key].spec
        if spec is None:
            yield None
        else:
            yield from _of_pipeline(spec, catalog, 0)
    elif run.custom_kind:
        return
    elif run.spec is not None:
        yield run.spec
    elif run.ref is not None and run.ref.key in catalog.tasks:
        yield catalog.tasks[run.ref.key].spec
    else:
        yield None


def _of_pipeline(spec: PipelineSpec, catalog: Catalog, depth: int) -> Iterator[TaskSpec | None]:
    for task in (*spec.tasks, *spec.finally_):
        if task.custom_kind:
            continue
        found = resolved_task(task, catalog)
        if found is not None or task.ref is not None:
            yield found
        inner = task.pipeline_spec
        if inner is None and task.pipeline_ref is not None and task.pipeline_ref.key in catalog.pipelines:
            inner = catalog.pipelines[task.pipeline_ref.key].spec
        if inner is None and task.pipeline_ref is not None:
            yield None
        if inner is not None and depth < _DEEPEST:
            yield from _of_pipeline(inner, catalog, depth + 1)


def _images(spec: TaskSpec, catalog: Catalog) -> Iterator[str | None]:
    default = spec.step_template.image if spec.step_template is not None else ""
    for step in spec.steps:
        if step.ref is None:
            yield step.image or default
        elif step.ref.key in catalog.step_actions:
            yield catalog.step_actions[step.ref.key].step.image or default
        else:
            yield None
    for sidecar in spec.sidecars:
        yield sidecar.image
