"""What can be done with a resource: discovery, and the run of one action (Argo CD, "Resource Actions")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from holkas.records import dataclass

from holkas_compat.argocd.lua.sandbox import LuaError, run_lua
from holkas_compat.argocd.lua.scripts import Script


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """An action that a script offers. params: as the script has them, by name, with defaults and types."""

    name: str
    disabled: bool = False
    display_name: str = ""
    icon: str = ""
    params: tuple[Mapping[str, Any], ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What an action wants: ``create`` a resource, or ``patch`` a live one until it is like ``manifest``."""

    operation: str
    manifest: Mapping[str, Any]


def discover_actions(script: Script, manifest: Mapping[str, Any]) -> list[Action]:
    """The actions that a script offers for a live resource, by name. Raises LuaError."""
    result = _run(script, manifest)
    if result == []:
        return []
    if not isinstance(result, Mapping):
        raise LuaError(f"{script.name} returned no table of actions")
    return [_action(name, result[name]) for name in sorted(result)]


def run_action(
    script: Script, manifest: Mapping[str, Any], params: Mapping[str, str] | None = None
) -> list[Impact]:
    """What an action makes of a live resource. params: given by the user, ``actionParams`` in Lua. Raises LuaError."""
    result = _run(script, manifest, params)
    if isinstance(result, Mapping):
        return [Impact(operation="patch", manifest=_cleaned(result, manifest))]
    impacts = [_impact(item, script, manifest) for item in result]
    if not impacts:
        raise LuaError(f"{script.name} returned no resource")
    return impacts


def _run(script: Script, manifest: Mapping[str, Any], params: Mapping[str, str] | None = None) -> Any:
    result = run_lua(script.text, manifest, name=script.name, open_libs=script.open_libs, params=params)
    if not isinstance(result, (Mapping, list)):
        raise LuaError(f"{script.name} returned no table")
    return result


def _action(name: str, settings: Any) -> Action:
    given = settings if isinstance(settings, Mapping) else {}
    params = given.get("params") or given.get("parameters")
    return Action(
        name=name,
        disabled=given.get("disabled") is True,
        display_name=str(given.get("displayName") or ""),
        icon=str(given.get("iconClass") or ""),
        params=tuple(item for item in params if isinstance(item, Mapping))
        if isinstance(params, list)
        else (),
    )


def _impact(item: Any, script: Script, manifest: Mapping[str, Any]) -> Impact:
    operation = item.get("operation") if isinstance(item, Mapping) else None
    resource = item.get("resource") if isinstance(item, Mapping) else None
    if operation not in ("create", "patch") or not isinstance(resource, Mapping):
        raise LuaError(
            f"{script.name} returned something that is neither a resource to create nor one to patch"
        )
    if operation == "create":
        return Impact(operation=operation, manifest=resource)
    return Impact(operation=operation, manifest=_cleaned(resource, manifest))


def _cleaned(new: Any, old: Any) -> Any:
    """``new``, with what was an empty mapping and came out of Lua as an empty list being a mapping again."""
    if isinstance(new, Mapping) and isinstance(old, Mapping):
        return {key: _cleaned(value, old[key]) if key in old else value for key, value in new.items()}
    if isinstance(new, list) and isinstance(old, Mapping) and not new:
        return dict(old)
    if isinstance(new, list) and isinstance(old, list):
        return [_cleaned(item, old[n]) if n < len(old) else item for n, item in enumerate(new)]
    return new
