"""Commands of plugins: click commands, and what they find in their context.

The hook's providers make a ``click.Command``. It is imported when its name is called, not for ``holkas
--help``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import click

    from holkas.plugins.manager import PluginManager


class Application(Protocol):
    """One invocation of the command line, as far as plugins may rely on it.

    project: root of the project. state: directory of the state store. environ: the environment's variables.
    verbose: how many ``-v`` were given; 2 asks for tracebacks.
    """

    verbose: int

    @property
    def environ(self) -> Mapping[str, str]:
        """Variables of the environment."""
        ...

    @property
    def project(self) -> Path:
        """Root of the project, or the working directory."""
        ...

    @property
    def state(self) -> Path:
        """Directory for what outlives a command."""
        ...

    @property
    def manager(self) -> PluginManager:
        """The plugins."""
        ...


def application(ctx: click.Context) -> Application:
    """The invocation that a command belongs to. Raises LookupError outside of ``holkas``."""
    found = ctx.find_root().obj
    if found is None or not hasattr(found, "manager"):
        raise LookupError("this command is not called from holkas")
    app: Application = found
    return app
