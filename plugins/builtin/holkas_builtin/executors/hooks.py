"""The built-in executors, by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from holkas.plugins import Context, Provider, hookimpl

if TYPE_CHECKING:
    from holkas.extensions.executor import Executor


@hookimpl
def holkas_executors() -> Iterator[Provider[Executor]]:
    """``container``, in the steps' own images; ``sandbox``, isolated from the host's files and processes;
    ``process``, on the bare host."""
    from .container.options import OPTIONS_SCHEMA as CONTAINER_SCHEMA
    from .images import OPTIONS_SCHEMA

    yield Provider(
        name="container",
        summary="Runs each step as a container in its image, with podman or docker.",
        make=_container,
        options_schema=CONTAINER_SCHEMA,
    )
    yield Provider(
        name="sandbox",
        summary="Runs steps in Linux namespaces: the host's files are read-only, its users' private ones hidden.",
        make=_sandbox,
        options_schema=OPTIONS_SCHEMA,
    )
    yield Provider(
        name="process",
        summary="Runs steps as plain processes on this machine, with no isolation.",
        make=_process,
        options_schema=OPTIONS_SCHEMA,
    )


def _container(context: Context) -> Executor:
    from .container.executor import ContainerExecutor

    return ContainerExecutor(context.options, context.state)


def _process(context: Context) -> Executor:
    from .process import ProcessExecutor

    return ProcessExecutor(context.options, context.state / "bin")


def _sandbox(context: Context) -> Executor:
    from .sandbox import SandboxExecutor

    return SandboxExecutor(context.options)
