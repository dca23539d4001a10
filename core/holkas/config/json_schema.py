"""The JSON Schema of holkas.yaml: the core's settings and those of every plugin that is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from holkas.config.settings import PLUGINS, SETTINGS

if TYPE_CHECKING:
    from holkas.plugins.manager import PluginManager


def config_schema(manager: PluginManager) -> dict[str, Any]:
    """Draft 2020-12. Unknown settings are refused everywhere but where a plugin's own schema allows them."""
    from holkas.config.delivery_schema import SCHEMA
    from holkas.plugins.hooks import HOOKS

    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "holkas.yaml",
        **_mapping(),
    }
    for setting in SETTINGS:
        *groups, name = setting.key.split(".")
        node = schema
        for group in groups:
            node = node["properties"].setdefault(group, _mapping())
        leaf: dict[str, Any] = {
            "type": setting.type,
            "description": setting.description,
            "default": setting.default,
        }
        if setting.choices:
            leaf["enum"] = list(setting.choices)
        if setting.minimum is not None:
            leaf["minimum"] = setting.minimum
        node["properties"][name] = leaf
    schema["properties"].update(SCHEMA)
    plugins = schema["properties"][PLUGINS] = _mapping("Settings of plugins, by hook and provider.")
    for hook in HOOKS:
        providers = {
            provider.name: {"description": provider.summary, **(dict(provider.options_schema) or _mapping())}
            for provider in manager.providers(hook)
        }
        if providers:
            plugins["properties"][hook] = {**_mapping(), "properties": providers}
    return schema


def _mapping(description: str = "") -> dict[str, Any]:
    node: dict[str, Any] = {"type": "object", "additionalProperties": False, "properties": {}}
    return {**node, "description": description} if description else node
