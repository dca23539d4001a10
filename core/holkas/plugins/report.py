"""Plugins described in plain dicts, for ``holkas plugins`` and whoever reads its JSON."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from holkas.plugins import codes as code
from holkas.plugins.errors import PluginError
from holkas.plugins.hooks import HOOK_NAMES
from holkas.plugins.inventory import Entry, normal
from holkas.plugins.manager import Offer, PluginManager


def describe(manager: PluginManager) -> list[dict[str, Any]]:
    """One dict a plugin: ``name``, ``version``, ``distribution``, ``module``, ``state`` (``ok``, ``faulty``:
    works in part, ``broken``, ``disabled``), ``disabledBy``, ``providers`` and ``problems``. Imports the
    plugins."""
    manager.check()
    loaded = manager.loaded()
    offers = [
        (hook, offer) for hook in HOOK_NAMES for many in manager.offers(hook).values() for offer in many
    ]
    items = []
    for entry in manager.entries():
        problems = [
            {"code": problem.code, "message": problem.error, "hint": problem.hint}
            for problem in manager.problems
            if (problem.distribution, problem.entry_point) == (entry.distribution, entry.name)
        ]
        disabled_by = manager.switches.why_not(entry)
        state = (
            "disabled" if disabled_by else "broken" if entry not in loaded else "faulty" if problems else "ok"
        )
        items.append(
            {
                "name": entry.name,
                "version": entry.version,
                "distribution": entry.distribution,
                "module": entry.module,
                "state": state,
                "disabledBy": disabled_by,
                "providers": [_provider(hook, offer) for hook, offer in offers if offer.entry == entry],
                "problems": problems,
            }
        )
    return items


def find(manager: PluginManager, name: str) -> list[dict[str, Any]]:
    """Plugins that go by a name: of the entry point, of the distribution, or of something they offer.

    Raises PluginError P106 when there is none.
    """
    items = describe(manager)
    by_name = [item for item in items if name == item["name"] or normal(name) == normal(item["distribution"])]
    found = by_name or [item for item in items if any(name == one["name"] for one in item["providers"])]
    if not found:
        close = get_close_matches(name, {word for item in items for word in _words(item)}, 3, 0.6)
        hint = (
            f"did you mean {' or '.join(close)}?" if close else "holkas plugins list shows what is installed"
        )
        raise PluginError(f"no plugin {name!r} is installed", code=code.NO_SUCH_PLUGIN, hint=hint)
    return found


def project_plugin(manager: PluginManager) -> Entry | None:
    """The project's own unpackaged plugin, where it is loaded."""
    from holkas.plugins.loading import PROJECT_FILE

    return next((entry for entry in manager.loaded() if entry.distribution == PROJECT_FILE), None)


def _provider(hook: str, offer: Offer) -> dict[str, Any]:
    provider = offer.provider
    return {
        "hook": hook,
        "name": provider.name,
        "summary": provider.summary,
        "capabilities": sorted(provider.capabilities),
        "optionsSchema": dict(provider.options_schema),
    }


def _words(item: Mapping[str, Any]) -> list[str]:
    return [item["name"], item["distribution"], *(provider["name"] for provider in item["providers"])]
