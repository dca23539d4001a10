"""Why a run is refused before anything of it starts, in the order in which Tekton's reconcilers look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from holkas.model.catalog import Catalog
from holkas.model.pipeline import PipelineSpec, PipelineTask
from holkas.model.record import Condition
from holkas.model.run import PipelineRun, TaskRun
from holkas.model.task import TaskSpec
from holkas.pipeline.apply_pipeline import apply_params_to_pipeline
from holkas.pipeline.graph import GraphError, build_graph
from holkas.pipeline.param_values import ParamResolutionError, admitted_params
from holkas.pipeline.params_check import check_passed_params, check_pipeline_params, check_task_params
from holkas.pipeline.passed_params import enum_too_wide, matrix_params
from holkas.pipeline.reasons import PipelineRunReason, TaskRunReason
from holkas.pipeline.references import ResultReference, result_references, result_references_in, texts_of

_PARAMS_PREFIX = {
    PipelineRunReason.PARAMETER_MISSING: "PipelineRun {run} is missing some parameters required by Pipeline "
    "{pipeline}: ",
    PipelineRunReason.PARAMETER_TYPE_MISMATCH: "PipelineRun {run} parameters have mismatching types with Pipeline "
    "{pipeline}'s parameters: ",
    PipelineRunReason.OBJECT_PARAMETER_MISS_KEYS: "PipelineRun {run} parameters is missing object keys required by "
    "Pipeline {pipeline}'s parameters: ",
    PipelineRunReason.PARAM_ARRAY_INDEXING_INVALID: "PipelineRun {run} failed validation: failed to validate Pipeline "
    "{pipeline}'s parameter which has an invalid index while referring to an array: ",
    PipelineRunReason.INVALID_PARAM_VALUE: "PipelineRun {run} parameters have invalid value: ",
}


def refuse(run: PipelineRun, spec: PipelineSpec | None, catalog: Catalog) -> Condition | None:
    """The condition of a pipeline run that cannot be begun, None for one that can.

    spec: the pipeline, None if it could not be found. A single mistake gives Tekton's reason and message; of several
    the first counts. Custom tasks that nobody serves and references through resolvers that led nowhere are refused
    too.
    """
    if spec is None:
        name = run.ref.name if run.ref is not None else ""
        why = catalog.unresolved.get(("Pipeline", run.ref.key)) if run.ref is not None else None
        if why is not None:
            message = f"Error retrieving pipeline for pipelinerun {run.namespace}/{run.name}: {why}"
            return _failed(PipelineRunReason.COULDNT_GET_PIPELINE, message)
        return _failed(
            PipelineRunReason.COULDNT_GET_PIPELINE,
            f"Error retrieving pipeline for pipelinerun {run.namespace}/{run.name}: "
            f'error when listing pipelines for pipelineRun {run.name}: pipelines.tekton.dev "{name}" not found',
        )
    refusal = _refuse_graph(run, spec) or _refuse_params(run, spec) or _refuse_bindings(run, spec)
    if refusal is not None:
        return refusal
    written = (*spec.tasks, *spec.finally_)
    params = run.params if run.spec is None else admitted_params(spec.params, run.params)
    try:
        spec = apply_params_to_pipeline(spec, params)
    except ParamResolutionError as error:
        return _failed(
            PipelineRunReason.VALIDATION_FAILED, f"PipelineRun {run.namespace}/{run.name}: {error}"
        )
    found: dict[str, TaskSpec] = {}
    for task in (*spec.tasks, *spec.finally_):
        if task.pipeline_spec is not None or task.pipeline_ref is not None or _is_decided_later(task):
            continue
        if task.custom_kind in catalog.custom_tasks:
            continue
        task_spec = resolved_task(task, catalog)
        if task_spec is None:
            return _failed(
                PipelineRunReason.COULDNT_GET_TASK,
                f"Pipeline {_pipeline(run)} can't be Run; it contains Tasks that don't exist: {_lost(task, catalog)}",
            )
        found[task.name] = task_spec
    return (
        _refuse_task_params(run, spec, found)
        or _refuse_enums(written, spec, found)
        or _refuse_results(run, spec, found)
    )


def resolved_task(task: PipelineTask, catalog: Catalog) -> TaskSpec | None:
    """The spec that a pipeline task runs, None where it is not to be found here."""
    if task.task_spec is not None:
        return task.task_spec
    if task.ref is None or task.custom_kind:
        return None
    known = catalog.tasks.get(task.ref.key)
    return None if known is None else known.spec


def refuse_task_run(run: TaskRun, spec: TaskSpec | None, why: str = "") -> Condition | None:
    """The condition of a task run that cannot be begun, None for one that can.

    spec: the task with propagated workspaces declared, None if it could not be found. why: what a resolver said.
    """
    task = run.ref.name if run.ref is not None else ""
    if spec is None:
        return _failed(
            TaskRunReason.RESOLUTION_FAILED,
            f"failed to resolve task: {why}"
            if why
            else f"failed to resolve task: error when listing tasks for taskRun {run.name}: "
            f'tasks.tekton.dev "{task}" not found',
        )
    problem = check_task_params(spec, run.params, task=task)
    if problem is not None:
        return _failed(problem.reason, problem.message)
    message = next(_task_run_problems(run, spec), None)
    return None if message is None else _failed(TaskRunReason.VALIDATION_FAILED, message)


def _task_run_problems(run: TaskRun, spec: TaskSpec) -> Iterator[str]:
    bound = {binding.name for binding in run.workspaces}
    declared = {declaration.name for declaration in spec.workspaces}
    for declaration in spec.workspaces:
        if not declaration.optional and declaration.name not in bound:
            yield f'declared workspace "{declaration.name}" is required but has not been bound'
    for binding in run.workspaces:
        if binding.name not in declared:
            yield f'workspace binding "{binding.name}" does not match any declared workspace'
    steps = {step.name for step in spec.steps}
    for override in run.settings.step_overrides:
        if override.name not in steps:
            yield f"invalid StepOverride: No Step named {override.name}"
    sidecars = {sidecar.name for sidecar in spec.sidecars}
    for override in run.settings.sidecar_overrides:
        if override.name not in sidecars:
            yield f"invalid SidecarOverride: No Sidecar named {override.name}"


def _refuse_graph(run: PipelineRun, spec: PipelineSpec) -> Condition | None:
    try:
        build_graph(spec.tasks)
    except GraphError as error:
        message = f"PipelineRun {run.namespace}/{run.name}'s Pipeline DAG is invalid: {error}"
        return _failed(PipelineRunReason.INVALID_GRAPH, message)
    names: set[str] = set()
    for task in spec.finally_:
        if task.name in names:
            message = (
                f"PipelineRun {run.namespace}/{run.name}'s Pipeline DAG is invalid for finally clause: task {task.name} "
                "is already present in Graph, can't add it again: duplicate pipeline task"
            )
            return _failed(PipelineRunReason.INVALID_GRAPH, message)
        names.add(task.name)
    return None


def _refuse_params(run: PipelineRun, spec: PipelineSpec) -> Condition | None:
    problem = check_pipeline_params(spec, run.params)
    if problem is None:
        return None
    reason = PipelineRunReason(problem.reason)
    prefix = _PARAMS_PREFIX[reason].format(run=f"{run.namespace}/{run.name}", pipeline=_pipeline(run))
    return _failed(reason, prefix + problem.message)


def _refuse_bindings(run: PipelineRun, spec: PipelineSpec) -> Condition | None:
    bound = {binding.name for binding in run.workspaces}
    for workspace in spec.workspaces:
        if not workspace.optional and workspace.name not in bound:
            return _failed(
                PipelineRunReason.INVALID_WORKSPACE_BINDINGS,
                f"PipelineRun {run.namespace}/{run.name} doesn't bind Pipeline {_pipeline(run)}'s Workspaces "
                f'correctly: pipeline requires workspace with name "{workspace.name}" be provided by pipelinerun',
            )
    tasks = {task.name for task in (*spec.tasks, *spec.finally_)}
    for settings in run.task_settings:
        if settings.pipeline_task not in tasks:
            return _failed(
                PipelineRunReason.INVALID_TASK_RUN_SPECS,
                f"PipelineRun {run.namespace}/{run.name} doesn't define taskRunSpecs correctly: pipelineRun's "
                f'taskrunSpecs defined wrong taskName: "{settings.pipeline_task}", does not exist in Pipeline',
            )
    return None


def _refuse_task_params(
    run: PipelineRun, spec: PipelineSpec, found: Mapping[str, TaskSpec]
) -> Condition | None:
    for task in (*spec.tasks, *spec.finally_):
        if task.name not in found:
            continue
        name = task.ref.name if task.ref is not None else ""
        # Indexes and enums are looked at when the task run itself is, with the values that it gets.
        problem = check_passed_params(
            found[task.name], task.params, task=name, matrix=matrix_params(task.matrix)
        )
        if problem is not None:
            message = f"Validation failed for pipelinerun {run.name} with error {problem.message}"
            return _failed(PipelineRunReason.VALIDATION_FAILED, message)
    return None


def _refuse_enums(
    written: Sequence[PipelineTask], spec: PipelineSpec, found: Mapping[str, TaskSpec]
) -> Condition | None:
    for task in written:
        if task.name in found and (problem := enum_too_wide(task, spec.params, found[task.name])):
            message = f"Validation failed for pipelinerun with error {problem}"
            return _failed(PipelineRunReason.VALIDATION_FAILED, message)
    return None


def _refuse_results(run: PipelineRun, spec: PipelineSpec, found: Mapping[str, TaskSpec]) -> Condition | None:
    tasks = {task.name: task for task in (*spec.tasks, *spec.finally_)}
    for task in tasks.values():
        for reference in result_references(task):
            if problem := _result_problem(reference, tasks, found):
                message = f'invalid result reference in pipeline task "{task.name}": {problem}'
                return _failed(PipelineRunReason.INVALID_TASK_RESULT_REFERENCE, message)
    for result in spec.results:
        for text in texts_of(result.value or ""):
            for reference in result_references_in(text):
                if problem := _result_problem(reference, tasks, found):
                    return _failed(
                        PipelineRunReason.INVALID_PIPELINE_RESULT_REFERENCE,
                        f'Failed to resolve pipeline result reference for "{run.name}" with error '
                        f'invalid pipeline result "{result.name}": {problem}',
                    )
    optional = {workspace.name for workspace in spec.workspaces if workspace.optional}
    for task in tasks.values():
        required = {w.name for w in found.get(task.name, TaskSpec()).workspaces if not w.optional}
        for usage in task.workspaces:
            source = usage.workspace or usage.name
            if source in optional and usage.name in required:
                return _failed(
                    PipelineRunReason.REQUIRED_WORKSPACE_MARKED_OPTIONAL,
                    f'Optional workspace not supported by task: pipeline workspace "{source}" is marked optional '
                    f'but pipeline task "{task.name}" requires it be provided',
                )
    return None


def _result_problem(
    reference: ResultReference, tasks: Mapping[str, PipelineTask], found: Mapping[str, TaskSpec]
) -> str:
    if reference.task not in tasks:
        return f'referenced pipeline task "{reference.task}" does not exist'
    producer = found.get(reference.task)
    if producer is None or any(result.name == reference.result for result in producer.results):
        return ""
    return f'"{reference.result}" is not a named result returned by pipeline task "{reference.task}"'


def _is_decided_later(task: PipelineTask) -> bool:
    """Whether a result gives the name of the task, or what its resolver is told."""
    return task.ref is not None and "$(" in task.ref.key


def _lost(task: PipelineTask, catalog: Catalog) -> str:
    if task.custom_kind:
        version, _, kind = task.custom_kind.rpartition("/")
        return (
            f'pipeline task "{task.name}" is a custom task, {kind} of {version}, which no plugin serves here'
        )
    name = task.ref.name if task.ref is not None else ""
    if task.ref is not None and task.ref.resolver:
        why = catalog.unresolved.get(("Task", task.ref.key))
        told = f'pipeline task "{task.name}" refers to a task through the resolver "{task.ref.resolver}"'
        return f"{told}: {why}" if why else told
    return f'Couldn\'t retrieve Task "{name}": tasks.tekton.dev "{name}" not found'


def _pipeline(run: PipelineRun) -> str:
    return f"{run.namespace}/{run.ref.name if run.ref is not None and run.ref.name else run.name}"


def _failed(reason: str, message: str) -> Condition:
    return Condition(status="False", reason=str(reason), message=message)
