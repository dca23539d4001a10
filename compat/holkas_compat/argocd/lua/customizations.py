"""Scripts in ``argocd-cm``: ``resource.customizations.health.<group>_<kind>`` and its neighbours, and the old
``resource.customizations``, which holds all of them in one text. Source: Argo CD, "Custom Health Checks", "Custom
Resource Actions".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.yaml import YamlError, load

from holkas_compat.argocd.lua.sandbox import LuaError
from holkas_compat.argocd.lua.scripts import ActionScripts, Script, Scripts

_PREFIX = "resource.customizations"


def read_customizations(data: Mapping[str, str]) -> Scripts:
    """The scripts of the ConfigMap's ``data``. Raises LuaError where a text in it is no YAML of the expected shape."""
    health: dict[str, str] = {}
    open_libs: dict[str, bool] = {}
    actions: dict[str, str] = {}
    for kind, settings in _mapping(data.get(_PREFIX, ""), _PREFIX).items():
        if isinstance(settings, Mapping):
            health[kind] = _text(settings.get("health.lua"))
            open_libs[kind] = settings.get("health.lua.useOpenLibs") is True
            actions[kind] = _text(settings.get("actions"))
    for key, text in data.items():
        what, _, name = key.removeprefix(f"{_PREFIX}.").partition(".")
        if key.startswith(f"{_PREFIX}.") and name:
            kind = name.replace("_", "/", 1)
            if what == "health":
                health[kind] = text
            elif what == "useOpenLibs":
                open_libs[kind] = text.strip() == "true"
            elif what == "actions":
                actions[kind] = text
    return Scripts(
        health={
            kind: Script(text=text, name=f"{_PREFIX}.health.{kind}", open_libs=open_libs.get(kind, False))
            for kind, text in health.items()
            if text
        },
        actions={kind: _actions(text, kind) for kind, text in actions.items() if text},
    )


def _actions(text: str, kind: str) -> ActionScripts:
    name = f"{_PREFIX}.actions.{kind}"
    settings = _mapping(text, name)
    discovery = _text(settings.get("discovery.lua"))
    listed = settings.get("definitions")
    definitions = [item for item in listed if isinstance(item, Mapping)] if isinstance(listed, list) else []
    return ActionScripts(
        discovery=Script(text=discovery, name=f"{name} discovery.lua") if discovery else None,
        actions={
            _text(item.get("name")): Script(
                text=_text(item.get("action.lua")), name=f"{name} {_text(item.get('name'))}"
            )
            for item in definitions
        },
    )


def _mapping(text: str, name: str) -> Mapping[str, Any]:
    try:
        value = load(text) if text.strip() else {}
    except YamlError as error:
        raise LuaError(f"{name} in argocd-cm is no YAML: {error}") from None
    if value is not None and not isinstance(value, Mapping):
        raise LuaError(f"{name} in argocd-cm is no mapping")
    return value or {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
