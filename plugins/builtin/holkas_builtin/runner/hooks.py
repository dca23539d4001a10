"""Glue: the built-in build server."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from holkas.plugins import Provider, hookimpl, made_by

if TYPE_CHECKING:
    from holkas.roles.build_server import BuildServer


@hookimpl
def holkas_build_servers() -> Iterable[Provider[BuildServer]]:
    """The runner of this machine."""
    yield Provider(
        name="local",
        summary="Runs pipelines on this machine, steps through an executor.",
        make=made_by("holkas_builtin.runner.build_server:LocalBuildServer"),
        capabilities=frozenset({"fidelity", "resume"}),
    )
