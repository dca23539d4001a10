"""A plugin that is laid down works: its own tests pass, holkas finds it, and its contract can be verified."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from holkas.plugins import template
from holkas.plugins.template import ROLES, bare_name, lay_down


def python(directory, *words, **environ):
    return subprocess.run(
        [sys.executable, *words],
        cwd=directory,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environ},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def plugin(tmp_path_factory):
    """A plugin with a tool of every role."""
    root = tmp_path_factory.mktemp("plugin") / "holkas-old-chest"
    lay_down("old-chest", ROLES, root)
    return root


@pytest.fixture(scope="module")
def installed(plugin, tmp_path_factory):
    """The environment in which it is installed."""
    project = tomllib.loads((plugin / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    points = "\n".join(f"{name} = {module}" for name, module in project["entry-points"]["holkas"].items())
    place = tmp_path_factory.mktemp("installed")
    info = place / "holkas_old_chest-0.1.0.dist-info"
    info.mkdir()
    metadata = f"Name: {project['name']}\nVersion: {project['version']}\n"
    (info / "METADATA").write_text(metadata, encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[holkas]\n{points}\n", encoding="utf-8")
    return {"PYTHONPATH": f"{plugin / 'src'}{os.pathsep}{place}", "HOLKAS_STATE_DIR": str(place / "state")}


def test_its_own_tests_pass(plugin):
    done = python(plugin, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "passed" in done.stdout


@pytest.mark.parametrize("role", ROLES)
def test_a_plugin_of_one_role_has_nothing_of_the_others(tmp_path, role):
    files = [str(file) for file in lay_down("chest", [role], tmp_path / "new")]
    module = role.replace("-", "_")
    assert sorted(files) == sorted(
        [
            "README.md",
            "pyproject.toml",
            "src/holkas_chest/__init__.py",
            "src/holkas_chest/hooks.py",
            "src/holkas_chest/py.typed",
            f"src/holkas_chest/{module}.py",
            f"tests/test_{module}.py",
        ]
    )
    hooks = (tmp_path / "new" / "src" / "holkas_chest" / "hooks.py").read_text(encoding="utf-8")
    compile(hooks, "hooks.py", "exec")
    assert hooks.count("@hookimpl") == 1
    assert "NAME" not in "".join(path.read_text() for path in (tmp_path / "new").rglob("*") if path.is_file())


def test_holkas_finds_it_by_its_entry_point(plugin, installed):
    done = python(plugin, "-m", "holkas", "plugins", "info", "old-chest", "-o", "json", **installed)
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert (shown["state"], shown["distribution"], shown["version"]) == ("ok", "holkas-old-chest", "0.1.0")
    assert [provider["name"] for provider in shown["providers"]] == ["old-chest"] * 6


def test_its_contracts_are_verified(plugin, installed):
    words = ("plugins", "verify", "holkas-old-chest", "--role", "artifact-repository", "-o", "json")
    done = python(plugin, "-m", "holkas", *words, **installed)
    assert done.returncode == 0, done.stdout + done.stderr
    assert {item["outcome"] for item in json.loads(done.stdout)["items"]} == {"passed"}


def test_its_hooks_module_imports_nothing_heavy(plugin):
    code = "import sys, holkas_old_chest.hooks; print('holkas_old_chest.secret_store' in sys.modules)"
    assert python(plugin, "-c", code, PYTHONPATH=str(plugin / "src")).stdout.strip() == "False"


@pytest.mark.parametrize(("name", "bare"), [("chest", "chest"), ("holkas-chest", "chest"), ("a-b2", "a-b2")])
def test_names(name, bare):
    assert bare_name(name) == bare


@pytest.mark.parametrize("name", ["", "holkas-", "Chest", "2x", "a--b", "a_b", "../a", "a/b", "-a"])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(ValueError, match="no name of a plugin"):
        bare_name(name)


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for place in ("mine", "mine/file", "link"):
        with pytest.raises(FileExistsError):
            lay_down("chest", ROLES, tmp_path / place)
    (tmp_path / "empty").mkdir()
    assert lay_down("chest", ROLES, tmp_path / "empty")


def test_what_fails_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(template, "_hooks", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        lay_down("chest", ROLES, tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


def test_the_template_lies_in_the_package_or_in_the_checkout(tmp_path, monkeypatch):
    assert (template.template() / "pyproject.toml").is_file()
    module = tmp_path / "holkas" / "plugins" / "template.py"
    monkeypatch.setattr(template, "__file__", str(module))
    with pytest.raises(FileNotFoundError):
        template.template()
    inside = tmp_path / "holkas" / "plugin_template"
    inside.mkdir(parents=True)
    (inside / "pyproject.toml").touch()
    assert template.template() == inside


def test_the_wheel_holds_the_whole_template():
    root = Path(__file__).resolve().parents[3]
    wheel = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    taken = wheel["targets"]["wheel"]["force-include"]
    here = {path.name for path in (root / "plugins" / "_template").iterdir() if path.name[0] != "."}
    mapped = {source.rpartition("/")[2] for source in taken if source.startswith("plugins/_template/")}
    assert here - {"__pycache__"} == mapped
