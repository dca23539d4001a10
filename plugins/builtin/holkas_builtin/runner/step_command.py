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
from holkas_builtin.runner.pull_credentials import registries
from holkas_builtin.runner.resources import resources
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
    home: str = "",
) -> Command:
    """The command of a container whose script, if it has one, was written as ``script_name``.

    home: in executors with images, where something of ours is to be found at home.
    Raises SetupError for what its environment lacks and ExecutorError when the image's entrypoint is not known.
    """
    in_image = context.executor.has_images
    given = variables(container, _pod_env(settings), context, pod=pod, what=what)
    found = expand_environment(given.own, given.whole, taken=given.taken)
    if home or not in_image:
        found = {"HOME": home or HOME, **found}
    by_image = in_image and not (script_name or container.command)
    argv = _argv(container, context, found, script_name=script_name, by_image=by_image, what=what)
    security = security_of(container, settings)
    user, group = _identity(security)
    return Command(
        image=container.image,
        argv=argv,
        env=found,
        cwd=working_directory(container.working_dir, of_image=in_image),
        mounts=mounts,
        user=user,
        group=group,
        by_image=by_image,
        security=security,
        resources=resources(container, settings),
        registries=registries(settings, context),
    )


def security_of(container: Step | Sidecar, settings: TaskRunSettings) -> Mapping[str, Any]:
    """The pod's ``securityContext``, overridden by the container's."""
    return {**settings.pod_template.get("securityContext", {}), **container.security_context}


def _argv(
    container: Step | Sidecar,
    context: RunContext,
    env: Mapping[str, str],
    *,
    script_name: str,
    by_image: bool,
    what: str,
) -> tuple[str, ...]:
    arguments = [expand(argument, env) for argument in container.args]
    if script_name:
        return (f"{SCRIPTS}/{script_name}", *arguments)
    if container.command:
        return (*(expand(word, env) for word in container.command), *arguments)
    if by_image:
        return tuple(arguments)
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


def _identity(security: Mapping[str, Any]) -> tuple[int | None, int | None]:
    user, group = security.get("runAsUser"), security.get("runAsGroup")
    return (None if user is None else int(user)), (None if group is None else int(group))
