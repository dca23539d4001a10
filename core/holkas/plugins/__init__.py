"""The plugin kernel: hooks, what they hand over, and the manager that loads them when they are needed.

A plugin's *hooks module* imports some names from here and nothing heavy::

    from holkas.plugins import Context, Provider, hookimpl, made_by
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from holkas.plugins.provider import Context, Provider, made_by

if TYPE_CHECKING:
    from holkas.plugins.marker import hookimpl

__all__ = ["Context", "Provider", "hookimpl", "made_by"]


def __getattr__(name: str) -> Any:
    """``hookimpl`` on demand: pluggy takes 20 ms to import, and the command line imports this package for
    nothing."""
    if name == "hookimpl":
        from holkas.plugins.marker import hookimpl

        return hookimpl
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
