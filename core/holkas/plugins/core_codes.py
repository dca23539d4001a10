"""The codes that the core itself gives, collected from the modules that give them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from holkas.model.code import CodeDoc

MODULES = (
    "holkas.yaml.codes",
    "holkas.config.errors",
    "holkas.state.codes",
    "holkas.plugins.codes",
    "holkas.delivery_engine.codes",
    "holkas.task_tests.codes",
)
"""Modules of the core with a ``CODES`` mapping."""


def core_codes() -> Mapping[str, CodeDoc]:
    """Code → explanation."""
    found: dict[str, CodeDoc] = {}
    for module in MODULES:
        found.update(import_module(module).CODES)
    return found
