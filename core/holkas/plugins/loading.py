"""Importing one hooks module: of an installed distribution, or the project's own holkas_plugin.py."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from holkas.plugins.inventory import Entry

if TYPE_CHECKING:
    from typing_extensions import Buffer  # collections.abc has it from 3.12 on

PROJECT_PLUGIN = "holkas_plugin"
PROJECT_FILE = f"{PROJECT_PLUGIN}.py"


class _NoBytecode(SourceFileLoader):
    """Leaves no __pycache__ in the project."""

    def set_data(self, path: str, data: Buffer, *, _mode: int = 0o666) -> None:
        return None


def project_entry(project: Path) -> Entry | None:
    """The project's unpackaged plugin, looked for in the project's root and nowhere else."""
    if not (project / PROJECT_FILE).is_file():
        return None
    return Entry(name=PROJECT_PLUGIN, module=str(project / PROJECT_FILE), distribution=PROJECT_FILE)


def load(entry: Entry) -> object:
    """The module or object that an entry names. Raises whatever importing it raises."""
    if entry.distribution == PROJECT_FILE:
        return _load_file(Path(entry.module))
    module, _, attributes = entry.module.partition(":")
    found: object = import_module(module)
    for attribute in filter(None, attributes.split(".")):
        found = getattr(found, attribute)
    return found


def _load_file(path: Path) -> ModuleType:
    """Run a file as the module ``holkas_plugin``; it is in ``sys.modules``, because dataclasses look
    there."""
    loader = _NoBytecode(PROJECT_PLUGIN, str(path))
    module = ModuleType(PROJECT_PLUGIN)
    module.__file__ = str(path)
    module.__loader__ = loader
    before = sys.modules.get(PROJECT_PLUGIN)
    sys.modules[PROJECT_PLUGIN] = module
    try:
        loader.exec_module(module)
    except BaseException:
        if before is None:
            del sys.modules[PROJECT_PLUGIN]
        else:
            sys.modules[PROJECT_PLUGIN] = before
        raise
    return module
