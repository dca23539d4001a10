"""pluggy's part: which hooks exist, and what of a module implements them. Importing this imports pluggy."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pluggy

from holkas.plugins import codes as code
from holkas.plugins import hookspecs
from holkas.plugins.hooks import PREFIX
from holkas.plugins.marker import PROJECT


class _Manager(pluggy.PluginManager):
    """Looks closely only at what is marked: a hooks module is full of names that it has imported."""

    def parse_hookimpl_opts(self, plugin: Any, name: str) -> pluggy.HookimplOpts | None:
        """The options of an implementation; None for what is none."""
        if isinstance(plugin, ModuleType) and not hasattr(vars(plugin).get(name), f"{PROJECT}_impl"):
            return None
        return super().parse_hookimpl_opts(plugin, name)


def registry() -> pluggy.PluginManager:
    """A pluggy manager that knows our hooks and no plugin."""
    plugins = _Manager(PROJECT)
    plugins.add_hookspecs(hookspecs)
    return plugins


def hook_names(plugins: pluggy.PluginManager) -> list[str]:
    """The hooks of holkas."""
    return [name for name in vars(plugins.hook) if getattr(plugins.hook, name).has_spec()]


def register(plugins: pluggy.PluginManager, key: str, module: object) -> list[tuple[str, str]]:
    """Take in a hooks module; (code, sentence) of what is odd about it.

    Raises what pluggy raises for a function with parameters that its hook has not got; the module is then
    out.
    """
    try:
        plugins.register(module, name=key)
    except pluggy.PluginValidationError:
        plugins.unregister(name=key)
        raise
    known = hook_names(plugins)
    callers = {caller.name: caller for caller in plugins.get_hookcallers(module) or []}
    odd = []
    for name in callers.keys() - set(known):
        from difflib import get_close_matches

        # The prefix that all have in common would make everything look alike.
        bare = [one.removeprefix(PREFIX) for one in known]
        close = get_close_matches(name.removeprefix(PREFIX), bare, 1, 0.6)
        odd.append(
            (
                code.UNKNOWN_HOOK,
                f"hook {name!r} does not exist" + (f", {PREFIX + close[0]!r} does" if close else ""),
            )
        )
    for name in known:
        if name not in callers and callable(getattr(module, name, None)):
            odd.append((code.NO_HOOKS, f"function {name!r} is not marked with @hookimpl"))
    if not callers and not odd:
        odd.append((code.NO_HOOKS, "implements no hook"))
    return sorted(odd)
