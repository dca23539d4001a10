"""The template, once its NAME is filled in, is a plugin that works: its own tests pass, and holkas finds it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

TEMPLATE = Path(__file__).resolve().parents[3] / "plugins" / "_template"


@pytest.fixture(scope="module")
def plugin(tmp_path_factory):
    """A copy in which NAME is ``chest``."""
    root = tmp_path_factory.mktemp("plugin") / "holkas-chest"
    for path in TEMPLATE.rglob("*"):
        relative = path.relative_to(TEMPLATE)
        if path.is_dir() or any(part.startswith((".", "__pycache__")) for part in relative.parts):
            continue
        copy = root / str(relative).replace("NAME", "chest")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text(encoding="utf-8").replace("NAME", "chest"), encoding="utf-8")
    return root


def python(plugin, *words, **environ):
    return subprocess.run(
        [sys.executable, *words],
        cwd=plugin,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_has_all_that_a_distribution_needs():
    files = {path.relative_to(TEMPLATE).as_posix() for path in TEMPLATE.rglob("*") if path.is_file()}
    assert files >= {
        "pyproject.toml",
        "README.md",
        "src/holkas_NAME/__init__.py",
        "src/holkas_NAME/hooks.py",
        "src/holkas_NAME/py.typed",
        "tests/test_store.py",
    }


def test_its_own_tests_pass(plugin):
    done = python(plugin, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "passed" in done.stdout


def test_holkas_finds_it_by_its_entry_point(plugin, tmp_path):
    project = tomllib.loads((plugin / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    points = "\n".join(f"{name} = {module}" for name, module in project["entry-points"]["holkas"].items())
    info = tmp_path / "holkas_chest-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Name: {project['name']}\nVersion: {project['version']}\n", encoding="utf-8"
    )
    (info / "entry_points.txt").write_text(f"[holkas]\n{points}\n", encoding="utf-8")
    done = python(
        plugin,
        "-m",
        "holkas.cli.main",
        "plugins",
        "info",
        "chest",
        "-o",
        "json",
        PYTHONPATH=f"{plugin / 'src'}{os.pathsep}{tmp_path}",
        HOLKAS_STATE_DIR=str(tmp_path / "state"),
    )
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert (shown["state"], shown["distribution"], shown["version"]) == ("ok", "holkas-chest", "0.1.0")
    assert [provider["name"] for provider in shown["providers"]] == ["chest"]


def test_its_hooks_module_imports_nothing_heavy(plugin):
    code = "import sys, holkas_chest.hooks; print('holkas_chest.store' in sys.modules)"
    assert python(plugin, "-c", code, PYTHONPATH=str(plugin / "src")).stdout.strip() == "False"
