"""What no executor of this machine can do, found before anything of a run starts."""

from __future__ import annotations

from collections.abc import Iterator

from holkas.model.pipeline import PipelineSpec
from holkas.model.record import Condition
from holkas.model.step import Sidecar, Step
from holkas.model.task import TaskSpec
from holkas.pipeline.admission import resolved_task
from holkas.pipeline.reasons import PipelineRunReason, TaskRunReason

from holkas_builtin.runner.run_context import RunContext
from holkas_builtin.runner.step_command import unknown_entrypoint

WITHOUT_IMAGES = frozenset({"process", "sandbox"})
"""Executors that start programs of this machine with the rights of the user."""


def refuse_pipeline(spec: PipelineSpec, context: RunContext) -> Condition | None:
    """The condition of a pipeline run with a task that cannot run here.

    A task with conditions is not looked at: it may never start, and says the same when it does.
    """
    for part, tasks in (("tasks", spec.tasks), ("finally", spec.finally_)):
        for index, task in enumerate(tasks):
            found = None if task.when else resolved_task(task, context.catalog)
            problem = None if found is None else next(_problems(found, context), None)
            if problem is not None:
                where = (
                    f"{part}[{index}].taskSpec." if task.task_spec is not None else f'task "{task.name}": '
                )
                return Condition(
                    status="False",
                    reason=PipelineRunReason.CREATE_RUN_FAILED,
                    message=f"{where}{problem}",
                )
    return None


def refuse_task(spec: TaskSpec, context: RunContext) -> Condition | None:
    """The condition of a task run that cannot run here."""
    problem = next(_problems(spec, context), None)
    if problem is None:
        return None
    return Condition(status="False", reason=TaskRunReason.POD_CREATION_FAILED, message=problem)


def _problems(spec: TaskSpec, context: RunContext) -> Iterator[str]:
    for index, step in enumerate(spec.steps):
        if step.ref is None:
            yield from _image(step, spec, context, f"steps[{index}]")
    for index, sidecar in enumerate(spec.sidecars):
        yield from _image(sidecar, spec, context, f"sidecars[{index}]")
        if sidecar.security_context.get("privileged") and context.executor.name in WITHOUT_IMAGES:
            yield (
                f"sidecars[{index}].securityContext.privileged: the executor {context.executor.name!r} "
                "gives no rights that the user does not have"
            )


def _image(container: Step | Sidecar, spec: TaskSpec, context: RunContext, what: str) -> Iterator[str]:
    """Where only the image says what is started, it must be one that the executor knows."""
    template = spec.step_template if isinstance(container, Step) else None
    command = container.command or (template.command if template is not None else ())
    image = container.image or (template.image if template is not None else "")
    if container.script or command or "$(" in image or context.executor.has_images:
        return
    if context.executor.entrypoint(image) is None:
        yield unknown_entrypoint(image, context.executor.name, what)
