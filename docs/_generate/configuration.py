"""docs/reference/configuration.md, from the table of settings and the built-in plugins' own schemas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from holkas.config.delivery_schema import SCHEMA
from holkas.config.settings import SETTINGS
from holkas.plugins.hooks import HOOK_NAMES
from holkas.plugins.manager import PluginManager

from docs._generate.markdown import code, made, table

INTRODUCTION = Path(__file__).with_name("configuration_layers.md")


def manager() -> PluginManager:
    """The plugins of holkas's own distribution, whatever else is installed."""
    return PluginManager.for_project(Path("/"), {"HOLKAS_LOAD_PLUGINS": "holkas"}, Path("/"))


def page() -> str:
    """The whole page."""
    rows = [
        (
            code(setting.key),
            ", ".join(map(code, setting.choices)) or setting.type,
            code(str(setting.default)) or "empty",
            code(setting.variable),
            setting.description,
        )
        for setting in SETTINGS
    ]
    return "\n".join(
        [
            made("core/holkas/config/settings.py, or the plugin's options_schema"),
            "# Configuration\n",
            INTRODUCTION.read_text(encoding="utf-8"),
            "## Settings\n",
            table(("setting", "value", "default", "variable", "meaning"), rows),
            "## Deliveries\n",
            "These sections are no single settings: they stand in the project's holkas.yaml only, and are checked when "
            "something is delivered. `[]` means each element of a list.\n",
            table(("key", "value", "default", "meaning"), _delivery_rows()),
            "## Settings of the built-in plugins\n",
            "They stand under `plugins.<hook>.<name>`; each plugin checks its own.\n",
            table(("setting", "type", "meaning"), _plugin_rows()),
        ]
    )


def _delivery_rows() -> Iterator[tuple[str, str, str, str]]:
    for name, schema in SCHEMA.items():
        yield from _section(name, schema)


def _section(path: str, schema: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    forms = [schema, *schema.get("anyOf", ())]
    words = [code(str(one)) for form in forms for one in form.get("enum", ())]
    types = [str(form["type"]) for form in forms if isinstance(form.get("type"), str)]
    if any(isinstance(form.get("additionalProperties"), Mapping) for form in forms):
        types = ["mapping" if one == "object" else one for one in types]
    default = schema.get("default", "")
    shown = code(str(default).lower() if isinstance(default, bool) else str(default)) if default != "" else ""
    yield (
        code(path),
        ", ".join([*words, *dict.fromkeys(types)]) or "text",
        shown,
        str(schema.get("description", "")),
    )
    for form in forms:
        for name, inner in form.get("properties", {}).items():
            yield from _section(f"{path}.{name}", inner)
        items = form.get("items")
        if isinstance(items, Mapping) and "properties" in items:
            for name, inner in items["properties"].items():
                yield from _section(f"{path}[].{name}", inner)


def _plugin_rows() -> Iterator[tuple[str, str, str]]:
    plugins = manager()
    for hook in HOOK_NAMES:
        for provider in plugins.providers(hook):
            yield from _leaves(f"plugins.{hook}.{provider.name}", provider.options_schema)


def _leaves(path: str, schema: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name, inner in schema.get("properties", {}).items():
        below = f"{path}.{name}"
        yield code(below), str(inner.get("type", "")), str(inner.get("description", ""))
        yield from _leaves(below, inner)
        every = inner.get("additionalProperties")
        if isinstance(every, Mapping):
            yield from _leaves(f"{below}.<pattern>", every)
