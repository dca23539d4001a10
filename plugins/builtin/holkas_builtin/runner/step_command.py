"""What exactly is started for a step or a sidecar: program, arguments, environment, directory, user."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from holkas.extensions.executor import Command, ExecutorError, Mount
from holkas.model.run import TaskRunSettings
from holkas.model.step import Env, Sidecar, Step
from holkas.pipeline.kubernetes_env import expand, expand_environment

from holkas_builtin.runner.environment import variables
from holkas_builtin.runner.place import HOME
from holkas_builtin.runner.pod import Pod
from holkas_builtin.runner.run_context import RunContext
from holkas_builtin.runner.working_directory import working_directory

SCRIPTS = "/tekton/scripts"


def container_command(
    container: Step | Sidecar,
    context: RunContext,
    settings: TaskRunSettings,
    *,
    script_name: str,
    mounts: tuple[Mount, ...],
    pod: Pod,
    what: str,
) -> Command:
    """The command of a container whose script, if it has one, was written as ``script_name``.

    Raises SetupError for what its environment lacks and ExecutorError when the image's entrypoint is not known.
    """
    given = variables(container, _pod_env(settings), context, pod=pod, what=what)
    found = expand_environment(given.own, given.whole, taken=given.taken)
    env = {"HOME": HOME, **found}
    argv = _argv(container, context, found, script_name=script_name, what=what)
    user, group = _identity(container.security_context, settings.pod_template.get("securityContext", {}))
    return Command(
        image=container.image,
        argv=argv,
        env=env,
        cwd=working_directory(container.working_dir),
        mounts=mounts,
        user=user,
        group=group,
    )


def _argv(
    container: Step | Sidecar, context: RunContext, env: Mapping[str, str], *, script_name: str, what: str
) -> tuple[str, ...]:
    arguments = [expand(argument, env) for argument in container.args]
    if script_name:
        return (f"{SCRIPTS}/{script_name}", *arguments)
    if container.command:
        return (*(expand(word, env) for word in container.command), *arguments)
    entrypoint = context.executor.entrypoint(container.image)
    if entrypoint is None:
        raise ExecutorError(unknown_entrypoint(container.image, context.executor.name, what))
    return (*entrypoint, *arguments)


def unknown_entrypoint(image: str, executor: str, what: str) -> str:
    """The sentence for a container that only its image could tell what to start."""
    return (
        f"{what}.image: what {image!r} starts by itself is not known to the executor {executor!r}; "
        "give the step a command or a script, or name the entrypoint in holkas.yaml"
    )


def _pod_env(settings: TaskRunSettings) -> Sequence[Env]:
    return [
        Env(
            name=str(entry.get("name", "")),
            value=str(entry.get("value", "")),
            source=entry.get("valueFrom") or {},
        )
        for entry in settings.pod_template.get("env", ())
    ]


def _identity(own: Mapping[str, Any], pod: Mapping[str, Any]) -> tuple[int | None, int | None]:
    merged = {**pod, **own}
    user, group = merged.get("runAsUser"), merged.get("runAsGroup")
    return (None if user is None else int(user)), (None if group is None else int(group))
