"""What a pipeline run starts for its tasks: task runs in the pool, pipelines inside it in threads of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from holkas.model.catalog import Catalog
from holkas.model.pipeline import CustomTaskSpec, PipelineTask
from holkas.model.record import Condition, PipelineRunRecord
from holkas.model.run import PipelineRun, TaskRun
from holkas.pipeline.admission import resolved_task
from holkas.pipeline.decision import Launch
from holkas.pipeline.reasons import PipelineRunReason
from holkas.records import replace

from holkas_builtin.runner.assignment import TaskAssignment, may_be_cached
from holkas_builtin.runner.cancellation import Cancellation
from holkas_builtin.runner.task_bindings import task_bindings, task_settings


def task_assignment(run: PipelineRun, launch: Launch, catalog: Catalog, path: str = "") -> TaskAssignment:
    """The task run of a launch. Its spec is None where the catalog has no such task. ``path``: see TaskAssignment."""
    task = launch.pipeline_task
    settings = task_settings(run, task.name)
    return TaskAssignment(
        run=TaskRun(
            name=launch.name,
            namespace=run.namespace,
            ref=task.ref,
            spec=resolved_task(task, catalog),
            custom_kind=task.custom_kind,
            custom_spec=_custom_spec(task),
            params=launch.params,
            workspaces=task_bindings(task, run.workspaces, owner=run.name),
            retries=launch.retries,
            timeout=settings.timeout
            if settings.timeout is not None and not task.custom_kind
            else launch.timeout,
            settings=settings,
            labels=_labels(run, launch, settings.labels),
            annotations={**run.annotations, **settings.annotations},
        ),
        pipeline_task=task.name,
        combination=launch.combination,
        display_name=launch.display_name,
        when=launch.when,
        task_name=_task_name(task, catalog) or launch.name,
        owner=run.name,
        ignored=task.on_error == "continue",
        cancellation=Cancellation(),
        path=path,
        cacheable=not launch.is_finally
        and may_be_cached(run.annotations, settings.annotations, *_task_annotations(task, catalog)),
    )


def _custom_spec(task: PipelineTask) -> CustomTaskSpec | None:
    return None if task.custom_spec is None else replace(task.custom_spec, metadata=task.task_metadata)


def _task_name(task: PipelineTask, catalog: Catalog) -> str:
    if task.ref is None or not task.ref.resolver:
        return task.ref.name if task.ref is not None else ""
    known = catalog.tasks.get(task.ref.key)
    return known.name if known is not None else ""


def _task_annotations(task: PipelineTask, catalog: Catalog) -> Iterator[Mapping[str, Any]]:
    yield task.task_metadata.get("annotations") or {}
    known = catalog.tasks.get(task.ref.key) if task.ref is not None else None
    if known is not None:
        yield known.annotations


def child_pipeline_run(run: PipelineRun, launch: Launch) -> PipelineRun:
    """The run of a pipeline inside a pipeline (Tekton docs, pipelines-in-pipelines.md)."""
    task = launch.pipeline_task
    return PipelineRun(
        name=launch.name,
        namespace=run.namespace,
        ref=task.pipeline_ref,
        spec=task.pipeline_spec,
        params=launch.params,
        workspaces=task_bindings(task, run.workspaces, owner=run.name),
        template=replace(run.template, pipeline_task=""),
        labels=_labels(run, launch, {}),
        annotations=run.annotations,
    )


def endless(launch: Launch, ancestors: tuple[str, ...]) -> PipelineRunRecord | None:
    """What becomes of a pipeline that would run inside itself; None for one that does not."""
    ref = launch.pipeline_task.pipeline_ref
    if ref is None or ref.key not in ancestors:
        return None
    chain = " -> ".join((*ancestors[ancestors.index(ref.key) :], ref.key))
    return PipelineRunRecord(
        name=launch.name,
        pipeline_task=launch.pipeline_task.name,
        condition=Condition(
            status="False",
            reason=PipelineRunReason.CREATE_RUN_FAILED,
            message=f"tasks[{launch.pipeline_task.name}].pipelineRef: a pipeline cannot run inside itself: {chain}",
        ),
    )


def _labels(run: PipelineRun, launch: Launch, own: Mapping[str, str]) -> Mapping[str, str]:
    """Those of the run, and those by which Tekton finds a run's children (docs/labels.md)."""
    pipeline = run.ref.name if run.ref is not None and run.ref.name else run.name
    return {
        **run.labels,
        **own,
        "tekton.dev/pipeline": pipeline,
        "tekton.dev/pipelineRun": run.name,
        "tekton.dev/pipelineTask": launch.pipeline_task.name,
    }
