"""Hypothesis strategies for the model of pipelines and runs, in the forms that a v1 manifest can express."""

from __future__ import annotations

from typing import Any

from holkas.model.param import Param, ParamSpec, ResultSpec
from holkas.model.pipeline import CustomTaskSpec, Matrix, MatrixInclude, Pipeline, PipelineSpec, PipelineTask
from holkas.model.reference import Reference
from holkas.model.run import PipelineRun, StepOverride, TaskRun, TaskRunSettings, Timeouts
from holkas.model.step import Container, Env, Sidecar, Step, StepAction, VolumeMount
from holkas.model.task import Task, TaskSpec, Volume
from holkas.model.value import ValueType
from holkas.model.when import When
from holkas.model.workspace import (
    PipelineTaskWorkspace,
    WorkspaceBinding,
    WorkspaceDeclaration,
    WorkspaceUsage,
)
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

names = st.text("abcxyz-", min_size=1, max_size=6)
texts = st.text("ab \n$()[]*é", max_size=8)
string_maps = st.dictionaries(names, texts, max_size=2)
seconds = st.none() | st.integers(0, 10**13).map(lambda nanoseconds: nanoseconds / 1e6)
values = texts | st.lists(texts, max_size=3) | string_maps
plain_maps = st.dictionaries(names, texts | st.integers() | st.booleans() | string_maps, max_size=2)


def several(items: SearchStrategy[Any], most: int = 1) -> SearchStrategy[tuple[Any, ...]]:
    """A short tuple of these."""
    return st.lists(items, max_size=most).map(tuple)


def extras(*keys: str) -> SearchStrategy[dict[str, Any]]:
    """Some of these further fields, none of them empty."""
    return st.dictionaries(st.sampled_from(keys), st.integers(1, 9) | names, max_size=2)


types = st.sampled_from(ValueType)
params = several(st.builds(Param, name=names, value=values), 2)
properties = st.dictionaries(names, types, max_size=2)
param_specs = several(
    st.builds(
        ParamSpec,
        name=names,
        type=types,
        description=texts,
        default=st.none() | values,
        properties=properties,
        enum=several(texts),
    )
)
result_specs = several(
    st.builds(
        ResultSpec, name=names, type=types, description=texts, properties=properties, value=st.none() | values
    )
)
references = st.builds(
    Reference,
    name=texts,
    kind=st.sampled_from(["", "Task"]),
    api_version=texts,
    resolver=texts,
    params=params,
)
whens = several(
    st.builds(When, input=texts, operator=st.sampled_from(["in", "notin"]), values=several(texts))
    | st.builds(When, cel=names)
)
declarations = several(
    st.builds(
        WorkspaceDeclaration,
        name=names,
        description=texts,
        mount_path=texts,
        read_only=st.booleans(),
        optional=st.booleans(),
    )
)
usages = several(st.builds(WorkspaceUsage, name=names, mount_path=texts))
bindings = several(
    st.builds(
        WorkspaceBinding,
        name=names,
        kind=st.sampled_from(
            ["emptyDir", "persistentVolumeClaim", "volumeClaimTemplate", "secret", "hostPath"]
        ),
        source=plain_maps,
        sub_path=texts,
    )
    | st.builds(WorkspaceBinding, name=names, kind=st.just(""))
)

_container: dict[str, SearchStrategy[Any]] = {
    "name": texts,
    "image": texts,
    "command": several(texts),
    "args": several(texts),
    "working_dir": texts,
    "env": several(st.builds(Env, name=names, value=texts, source=plain_maps)),
    "env_from": several(plain_maps),
    "volume_mounts": several(
        st.builds(
            VolumeMount,
            name=names,
            mount_path=texts,
            sub_path=texts,
            read_only=st.booleans(),
            extra=extras("mountPropagation", "subPathExpr"),
        )
    ),
    "security_context": plain_maps,
    "extra": extras("imagePullPolicy", "lifecycle", "computeResources"),
}


def _steps(name: SearchStrategy[str], step_params: SearchStrategy[Any]) -> SearchStrategy[Step]:
    return st.builds(
        Step,
        **{**_container, "name": name},
        script=texts,
        timeout=seconds,
        on_error=st.sampled_from(["", "continue"]),
        ref=st.none() | references,
        params=step_params,
        results=result_specs,
        when=whens,
        workspaces=usages,
        stdout_path=texts,
        stderr_path=texts,
    )


steps = _steps(texts, params)
sidecars = st.builds(Sidecar, **_container, script=texts, workspaces=usages, readiness_probe=plain_maps)
task_specs = st.builds(
    TaskSpec,
    steps=several(steps, 2),
    params=param_specs,
    results=result_specs,
    workspaces=declarations,
    volumes=several(
        st.builds(
            Volume,
            name=names,
            kind=st.sampled_from(["emptyDir", "configMap"]),
            source=plain_maps,
            extra=extras("someday"),
        )
        | st.builds(Volume, name=names, kind=st.just(""))
    ),
    sidecars=several(sidecars, 1),
    step_template=st.none() | st.builds(Container, **_container),
    display_name=texts,
    description=texts,
)
custom_specs = st.builds(CustomTaskSpec, api_version=names, kind=names, spec=plain_maps)
_task_body: dict[str, SearchStrategy[Any]] = {
    "name": texts,
    "params": params,
    "matrix": st.none()
    | st.builds(
        Matrix, params=params, include=several(st.builds(MatrixInclude, name=texts, params=params), 1)
    ),
    "workspaces": several(
        st.builds(PipelineTaskWorkspace, name=names, workspace=texts, sub_path=texts),
    ),
    "when": whens,
    "run_after": several(names),
    "retries": st.integers(0, 3),
    "timeout": seconds,
    "on_error": st.sampled_from(["", "continue"]),
    "display_name": texts,
    "description": texts,
}
_plain_tasks = (
    st.builds(PipelineTask, ref=references, **_task_body)
    | st.builds(PipelineTask, task_spec=task_specs, task_metadata=plain_maps, **_task_body)
    | st.builds(PipelineTask, custom_spec=custom_specs, task_metadata=plain_maps, **_task_body)
    | st.builds(PipelineTask, pipeline_ref=references, **_task_body)
)


def _pipelines(tasks: SearchStrategy[PipelineTask]) -> SearchStrategy[PipelineSpec]:
    return st.builds(
        PipelineSpec,
        tasks=several(tasks, 2),
        finally_=several(tasks, 1),
        params=param_specs,
        results=result_specs,
        workspaces=declarations,
        display_name=texts,
        description=texts,
    )


pipeline_specs = _pipelines(
    _plain_tasks | st.builds(PipelineTask, pipeline_spec=_pipelines(_plain_tasks), **_task_body)
)
_settings: dict[str, SearchStrategy[Any]] = {
    "service_account": texts,
    "pod_template": plain_maps,
    "step_overrides": several(st.builds(StepOverride, name=names, compute_resources=plain_maps), 1),
    "sidecar_overrides": several(st.builds(StepOverride, name=names, compute_resources=plain_maps), 1),
    "extra": extras("computeResources"),
}
settings = st.builds(
    TaskRunSettings,
    pipeline_task=texts,
    timeout=seconds,
    labels=string_maps,
    annotations=string_maps,
    **_settings,
)
_metadata: dict[str, SearchStrategy[Any]] = {
    "name": names,
    "labels": string_maps,
    "annotations": string_maps,
    "metadata": extras("generateName", "finalizers"),
}
_run: dict[str, SearchStrategy[Any]] = {
    **_metadata,
    "namespace": st.sampled_from(["default", "ci"]),
    "ref": st.none() | references,
    "params": params,
    "workspaces": bindings,
    "extra": extras("managedBy"),
    "status": texts,
}
tasks = st.builds(Task, spec=task_specs, **_metadata)
pipelines = st.builds(Pipeline, spec=pipeline_specs, **_metadata)
step_actions = st.builds(
    StepAction, step=_steps(st.just(""), st.just(())), description=texts, params=param_specs, **_metadata
)
task_runs = st.builds(
    TaskRun,
    spec=st.none() | task_specs,
    retries=st.integers(0, 3),
    timeout=seconds,
    settings=st.builds(TaskRunSettings, **_settings),
    status_message=texts,
    **_run,
)
pipeline_runs = st.builds(
    PipelineRun,
    spec=st.none() | pipeline_specs,
    timeouts=st.builds(Timeouts, pipeline=seconds, tasks=seconds, finally_=seconds),
    template=settings,
    task_settings=several(settings, 1),
    **_run,
)
