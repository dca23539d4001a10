"""From a provider to the tool: settings judged, the tool made, its class looked at."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from holkas.plugins import codes as code
from holkas.plugins.errors import PluginError
from holkas.plugins.hooks import HOOKS, HookName
from holkas.plugins.options import options_fault
from holkas.plugins.provider import Context, Provider


def make(kind: HookName, provider: Provider[Any], context: Context) -> Any:
    """The tool. Raises PluginError P103 (settings), P104 (not made), P105 (wrong class); ToolError comes
    through."""
    from holkas.roles.errors import ToolError

    what = f"{HOOKS[kind].noun} {provider.name!r}"
    if fault := options_fault(provider.options_schema, context.options):
        raise PluginError(f"settings of {what}: {fault}", code=code.BAD_OPTIONS)
    try:
        tool = provider.make(context)
    except (ToolError, PluginError):
        raise
    except ImportError as error:
        raise PluginError(
            f"{what} cannot be made: {error}",
            code=code.NOT_MADE,
            hint="install what it needs into the environment of holkas",
        ) from error
    except Exception as error:
        # A stranger's code: whatever it raises is told as this plugin's fault, the traceback stays behind
        # the cause.
        raise PluginError(
            f"{what} cannot be made: {type(error).__name__}: {error}", code=code.NOT_MADE
        ) from error
    module, _, name = HOOKS[kind].interface.partition(":")
    interface = getattr(import_module(module), name)
    if not isinstance(tool, interface):
        raise PluginError(f"{what} made a {type(tool).__name__}, not a {name}", code=code.WRONG_CLASS)
    return tool
