"""Which kinds of custom tasks plugins serve, told without any of them: each run asks, few have custom tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holkas.plugins.provider import PluginLookup


def served_kinds(plugins: PluginLookup | None) -> frozenset[str]:
    """The kinds of custom tasks that plugins serve; makes none of them."""
    if plugins is None:
        return frozenset()
    return frozenset().union(*(provider.capabilities for provider in plugins.providers("custom_tasks")))


def servers_of(plugins: PluginLookup | None, kind: str) -> list[str]:
    """Names of the providers that serve a kind, as ``apiVersion/kind``."""
    if plugins is None:
        return []
    return [provider.name for provider in plugins.providers("custom_tasks") if kind in provider.capabilities]
