"""Glue: the built-in build server."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from holkas.plugins import hookimpl
from holkas.plugins.provider import Context, Provider

if TYPE_CHECKING:
    from holkas.roles.build_server import BuildServer


def _make(context: Context) -> BuildServer:
    from holkas_builtin.runner.build_server import LocalBuildServer

    return LocalBuildServer(context)


@hookimpl
def holkas_build_servers() -> Iterable[Provider[BuildServer]]:
    """The runner of this machine."""
    yield Provider(
        name="local",
        summary="Runs pipelines on this machine, steps through an executor.",
        make=_make,
        capabilities=frozenset({"fidelity", "resume"}),
    )
