"""Plugins are imported on the first question; what is wrong with one is told and stops nothing else."""

from __future__ import annotations

import sys
import threading
from textwrap import dedent
from types import SimpleNamespace

import pytest
from holkas.model.code import CodeDoc
from holkas.plugins import Provider, hookimpl
from holkas.plugins.errors import PluginError
from holkas.plugins.manager import PluginManager

GOOD = """
    from holkas.plugins import Provider, hookimpl

    @hookimpl
    def holkas_secret_stores():
        yield Provider(name="{name}", summary="A store.", make=lambda context: None)
"""


@pytest.fixture
def site(tmp_path, monkeypatch):
    """Installs distributions into a place on the path; modules are forgotten afterwards."""
    place = tmp_path / "site"
    place.mkdir()
    monkeypatch.setattr(sys, "path", [str(place), *sys.path])
    before = set(sys.modules)

    def install(distribution, source, *, entry="", version="1.0"):
        module = distribution.replace("-", "_") + "_hooks"
        (place / f"{module}.py").write_text(dedent(source), encoding="utf-8")
        info = place / f"{distribution.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Name: {distribution}\nVersion: {version}\n", encoding="utf-8")
        (info / "entry_points.txt").write_text(
            f"[holkas]\n{entry or distribution} = {module}\n", encoding="utf-8"
        )
        return module

    yield install
    for name in set(sys.modules) - before:
        if name.endswith("_hooks") or name == "holkas_plugin":
            del sys.modules[name]


@pytest.fixture
def manager(tmp_path):
    """Makes a manager of a project; the built-ins are left out unless a test asks for them."""

    def make(project="", **environ):
        root = tmp_path / "project"
        root.mkdir(exist_ok=True)
        if project:
            (root / "holkas_plugin.py").write_text(dedent(project), encoding="utf-8")
        environ.setdefault("HOLKAS_DISABLED_PLUGINS", "holkas")
        return PluginManager.for_project(root, environ, tmp_path / "state")

    return make


def names(manager, hook="secret_stores"):
    return [provider.name for provider in manager.providers(hook)]


def test_nothing_is_imported_before_the_first_question(site, manager):
    module = site("holkas-vault", GOOD.format(name="vault"))
    plugins = manager()
    assert [entry.distribution for entry in plugins.entries()][-1] == "holkas-vault"
    assert module not in sys.modules
    assert names(plugins) == ["vault"]
    assert module in sys.modules


def test_a_hook_is_asked_once(manager):
    plugins = manager(
        """
        from holkas.plugins import Provider, hookimpl

        CALLS = []

        @hookimpl
        def holkas_secret_stores():
            CALLS.append(1)
            return [Provider(name="mine", summary="A store.", make=lambda context: None)]
        """
    )
    threads = [threading.Thread(target=names, args=(plugins,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert names(plugins) == ["mine"]
    assert sys.modules["holkas_plugin"].CALLS == [1]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import no_such_module_at_all", "ModuleNotFoundError: No module named 'no_such_module_at_all'"),
        ("raise RuntimeError('oh\\n  dear')", "RuntimeError: oh dear"),
        ("raise RuntimeError", "RuntimeError"),
        ("import sys; sys.exit(3)", "SystemExit: 3"),
        ("def broken(:", "SyntaxError"),
    ],
)
def test_a_broken_plugin_is_told_and_stops_nothing(site, manager, source, said):
    site("holkas-bad", source, entry="bad")
    site("holkas-vault", GOOD.format(name="vault"))
    plugins = manager()
    assert names(plugins) == ["vault"]
    names(plugins, "executors")
    (problem,) = plugins.problems
    assert (problem.code, problem.distribution, problem.entry_point) == ("P201", "holkas-bad", "bad")
    assert said in problem.error
    assert "\n" not in problem.error
    assert "Traceback" in problem.traceback
    assert "bad" not in {entry.name for entry in plugins.loaded()}


def test_the_users_interrupt_is_not_a_plugins_fault(site, manager):
    site("holkas-bad", "raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        manager().providers("executors")


def test_a_missing_attribute_of_an_entry_point_is_told(site, manager, tmp_path):
    site("holkas-vault", GOOD.format(name="vault"))
    points = tmp_path / "site" / "holkas_vault-1.0.dist-info" / "entry_points.txt"
    points.write_text("[holkas]\nvault = holkas_vault_hooks:Plugin\n", encoding="utf-8")
    plugins = manager()
    assert names(plugins) == []
    assert "AttributeError" in plugins.problems[0].error


def test_an_entry_point_may_name_an_object(site, manager, tmp_path):
    site(
        "holkas-vault",
        """
        from holkas.plugins import Provider, hookimpl

        class Plugin:
            @hookimpl
            def holkas_secret_stores(self):
                return [Provider(name="vault", summary="A store.", make=lambda context: None)]

        class Box:
            plugin = Plugin()
        """,
    )
    points = tmp_path / "site" / "holkas_vault-1.0.dist-info" / "entry_points.txt"
    points.write_text("[holkas]\nvault = holkas_vault_hooks:Box.plugin\n", encoding="utf-8")
    assert names(manager()) == ["vault"]


def test_a_hook_that_fails_costs_only_itself(manager):
    plugins = manager(
        """
        from holkas.plugins import Provider, hookimpl

        @hookimpl
        def holkas_executors():
            yield Provider(name="Bad Name", summary="Never made.", make=print)

        @hookimpl
        def holkas_targets():
            return 1 / 0

        @hookimpl
        def holkas_checks():
            return None

        @hookimpl
        def holkas_secret_stores():
            return [Provider(name="mine", summary="A store.", make=print), "other"]
        """
    )
    plugins.check()
    assert names(plugins) == ["mine"]
    told = {problem.code: problem.error for problem in plugins.problems}
    assert sorted(problem.code for problem in plugins.problems) == ["P202", "P202", "P203"]
    assert "'str', which is not a Provider" in told["P203"]
    assert any("ZeroDivisionError" in problem.error for problem in plugins.problems)
    assert any("provider name 'Bad Name'" in problem.error for problem in plugins.problems)


def test_an_unknown_hook_is_told_with_the_nearest(manager):
    plugins = manager(
        """
        from holkas.plugins import hookimpl

        @hookimpl
        def holkas_executor():
            return []

        @hookimpl
        def holkas_zzz():
            return []

        def holkas_targets():
            return []
        """
    )
    plugins.check()
    assert [(problem.code, problem.error) for problem in plugins.problems] == [
        ("P204", "hook 'holkas_executor' does not exist, 'holkas_executors' does"),
        ("P204", "hook 'holkas_zzz' does not exist"),
        ("P206", "function 'holkas_targets' is not marked with @hookimpl"),
    ]


def test_a_plugin_without_hooks_is_told(manager):
    plugins = manager("x = 1")
    plugins.check()
    assert [(problem.code, problem.error) for problem in plugins.problems] == [("P206", "implements no hook")]


def test_a_hook_with_parameters_puts_the_plugin_out(manager):
    plugins = manager(
        """
        from holkas.plugins import hookimpl

        @hookimpl
        def holkas_checks(context):
            return []
        """
    )
    plugins.check()
    (problem,) = plugins.problems
    assert (problem.code, problem.entry_point) == ("P201", "holkas_plugin")
    assert "context" in problem.error
    assert plugins.loaded() == ()


def test_two_that_claim_a_name_make_one_error_that_names_both(site, manager):
    site("holkas-vault", GOOD.format(name="vault"))
    site("vault-too", GOOD.format(name="vault"))
    site("other", GOOD.format(name="other"))
    plugins = manager()
    assert names(plugins) == ["other"]
    assert names(plugins) == ["other"]
    (problem,) = plugins.problems
    assert problem.code == "P102"
    with pytest.raises(PluginError) as caught:
        plugins.provider("secret_stores", "vault")
    assert caught.value.code == "P102"
    assert "holkas-vault" in str(caught.value)
    assert "vault-too" in str(caught.value)
    assert "HOLKAS_DISABLED_PLUGINS" in caught.value.hint
    assert names(manager(HOLKAS_DISABLED_PLUGINS="holkas,vault-too")) == ["vault", "other"]


def test_the_same_module_under_two_names_is_told(site, manager, tmp_path):
    site("holkas-vault", GOOD.format(name="vault"))
    points = tmp_path / "site" / "holkas_vault-1.0.dist-info" / "entry_points.txt"
    points.write_text("[holkas]\na = holkas_vault_hooks\nb = holkas_vault_hooks\n", encoding="utf-8")
    plugins = manager()
    assert names(plugins) == ["vault"]
    assert [problem.entry_point for problem in plugins.problems] == ["b"]


def test_a_switched_off_plugin_is_not_imported(site, manager):
    module = site("holkas-bad", "raise RuntimeError")
    plugins = manager(HOLKAS_DISABLED_PLUGINS="holkas,holkas-bad")
    assert names(plugins) == []
    assert plugins.problems == []
    assert module not in sys.modules
    assert "holkas-bad" in {entry.distribution for entry in plugins.entries()}


def test_exactly_these_are_loaded(site, manager):
    site("holkas-vault", GOOD.format(name="vault"))
    site("other", GOOD.format(name="other"))
    plugins = manager(GOOD.format(name="own"), HOLKAS_LOAD_PLUGINS="other,othr", HOLKAS_DISABLED_PLUGINS="")
    assert names(plugins) == ["other"]
    assert names(plugins, "executors") == []
    assert [(problem.code, problem.entry_point) for problem in plugins.problems] == [("P205", "")]
    assert "othr" in str(plugins.problems[0])
    own = manager(HOLKAS_LOAD_PLUGINS="holkas_plugin", HOLKAS_DISABLED_PLUGINS="")
    assert names(own) == ["own"]


def test_the_projects_own_plugin_leaves_nothing_behind(manager, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    plugins = manager(GOOD.format(name="own"))
    assert names(plugins) == ["own"]
    assert sorted(path.name for path in (tmp_path / "project").iterdir()) == ["holkas_plugin.py"]
    del sys.modules["holkas_plugin"]


def test_only_the_projects_root_is_looked_at(manager, tmp_path):
    (tmp_path / "holkas_plugin.py").write_text("raise RuntimeError", encoding="utf-8")
    (tmp_path / "project" / "sub").mkdir(parents=True)
    (tmp_path / "project" / "sub" / "holkas_plugin.py").write_text("raise RuntimeError", encoding="utf-8")
    plugins = manager()
    plugins.check()
    assert plugins.problems == []


def test_a_broken_project_plugin_leaves_the_module_before_it(manager):
    sys.modules["holkas_plugin"] = before = SimpleNamespace()
    try:
        plugins = manager("raise RuntimeError")
        plugins.check()
        assert [problem.code for problem in plugins.problems] == ["P201"]
        assert sys.modules["holkas_plugin"] is before
    finally:
        del sys.modules["holkas_plugin"]
    plugins = manager()
    plugins.check()
    assert "holkas_plugin" not in sys.modules


def test_a_project_plugin_may_have_dataclasses(manager):
    plugins = manager(
        """
        from __future__ import annotations
        from dataclasses import dataclass, KW_ONLY
        from holkas.plugins import Provider, hookimpl

        @dataclass
        class Options:
            _: KW_ONLY
            text: str = "x"

        @hookimpl
        def holkas_secret_stores():
            return [Provider(name=Options().text, summary="A store.", make=print)]
        """
    )
    assert names(plugins) == ["x"]
    del sys.modules["holkas_plugin"]


def test_trace_tells_a_line_for_each_import_and_call(site, manager, capsys):
    module = site("holkas-vault", GOOD.format(name="vault"))
    site("holkas-bad", "raise RuntimeError", entry="bad")
    plugins = manager(HOLKAS_TRACE_PLUGINS="1")
    names(plugins)
    plugins.provider("secret_stores", "vault")
    lines = capsys.readouterr().err.splitlines()
    assert all(line.startswith("holkas plugins: ") and line.endswith(" ms") for line in lines)
    actions = [line.removeprefix("holkas plugins: ").rsplit(" ", 2)[0] for line in lines]
    assert actions == [
        "search installed plugins",
        "import holkas_bad_hooks",
        f"import {module}",
        "call holkas_secret_stores of holkas-vault",
    ]


def test_the_first_explanation_of_a_code_stays(holkas_plugins):
    mine, theirs = CodeDoc("Mine", "…"), CodeDoc("Theirs", "…")

    class First:
        @hookimpl
        def holkas_codes(self):
            return {"MINE1": mine, "P101": theirs}

    class Second:
        @hookimpl
        def holkas_codes(self):
            return {"MINE1": theirs, "MINE2": theirs, "MINE3": "text", 4: theirs}

    class Third:
        @hookimpl
        def holkas_codes(self):
            return ["MINE1"]

    plugins = holkas_plugins(First(), Second(), Third())
    codes = plugins.codes()
    assert codes["MINE1"] is mine
    assert codes["MINE2"] is theirs
    assert codes["P101"].title != "Theirs"
    assert "MINE3" not in codes
    assert codes is plugins.codes()
    assert [(problem.entry_point, problem.error) for problem in plugins.problems] == [
        ("First", "code P101 is explained by another plugin already"),
        ("Second", "code MINE1 is explained by another plugin already"),
        ("Second", "holkas_codes: 'MINE3' is not a code with its CodeDoc"),
        ("Second", "holkas_codes: 4 is not a code with its CodeDoc"),
        ("Third", "holkas_codes handed over something that is not a mapping"),
    ]


def test_given_modules_are_asked_in_order(holkas_plugins):
    class Plugin:
        def __init__(self, name):
            self.name = name

        @hookimpl
        def holkas_secret_stores(self):
            return [Provider(name=self.name, summary="A store.", make=print)]

    plugins = holkas_plugins(zebra=Plugin("zebra"), alpha=Plugin("alpha"))
    assert names(plugins) == ["zebra", "alpha"]


def test_the_built_ins_come_as_any_plugin_does(manager):
    plugins = manager(HOLKAS_DISABLED_PLUGINS="")
    ours = {entry.name for entry in plugins.loaded() if entry.distribution == "holkas"}
    assert ours >= {"executors", "runner", "tekton"}
    assert "process" in names(plugins, "executors")
    assert "tekton" in names(plugins, "importers")
    assert [problem for problem in plugins.problems if problem.distribution == "holkas"] == []
