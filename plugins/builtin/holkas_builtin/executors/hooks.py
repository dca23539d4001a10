"""The built-in executors, by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from holkas.plugins import Context, Provider, hookimpl

if TYPE_CHECKING:
    from holkas.extensions.executor import Executor


@hookimpl
def holkas_executors() -> Iterator[Provider[Executor]]:
    """``process``, on the bare host."""
    from .images import OPTIONS_SCHEMA

    yield Provider(
        name="process",
        summary="Runs steps as plain processes on this machine, with no isolation.",
        make=_process,
        options_schema=OPTIONS_SCHEMA,
    )


def _process(context: Context) -> Executor:
    from .process import ProcessExecutor

    return ProcessExecutor(context.options)
