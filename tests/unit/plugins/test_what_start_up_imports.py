"""The command line starts without pluggy and without what else is slow: an import is paid where it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    "pluggy",
    "rich",
    "jsonschema",
    "importlib.metadata",
    "ruamel.yaml",
    "sqlite3",
    "holkas_builtin",
    "pytest",
)

MODULES = [
    "holkas.cli.entry",
    "holkas.cli.main",
    "holkas.cli.plugins",
    "holkas.cli.doctor",
    "holkas.cli.render.table",
    "holkas.plugins",
    "holkas.plugins.manager",
    "holkas.plugins.hooks",
    "holkas.extensions.command",
    "holkas.roles.version_control",
]


@pytest.mark.parametrize("module", MODULES)
def test_importing_it_imports_nothing_heavy(module):
    code = f"import sys, {module}; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_finding_plugins_imports_no_pluggy():
    code = (
        "import sys\nfrom pathlib import Path\nfrom holkas.plugins.manager import PluginManager\n"
        "manager = PluginManager.for_project(Path(), {}, Path())\nassert manager.entries()\n"
        "print('pluggy' in sys.modules, 'importlib.metadata' in sys.modules)\n"
        "manager.providers('executors')\nprint('pluggy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False", "True"]
