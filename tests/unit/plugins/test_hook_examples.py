"""Every hook is typed and explained, and its example is a hooks module that works as it stands."""

from __future__ import annotations

import inspect
import re
from textwrap import dedent
from types import ModuleType

import pytest
from holkas.plugins import hookspecs
from holkas.plugins.hooks import HOOK_NAMES, HOOKS, PREFIX
from holkas.plugins.marker import hookspec
from holkas.plugins.registry import hook_names, registry

SPECS = {name: spec for name, spec in vars(hookspecs).items() if name.startswith(PREFIX)}


def example(spec) -> str:
    """The code block of a hook's docstring."""
    _, found, block = inspect.getdoc(spec).partition("Example::\n\n")
    assert found, f"{spec.__name__} has no example"
    return dedent(block)


def run_example(name) -> ModuleType:
    module = ModuleType(f"example_of_{name}")
    exec(compile(example(SPECS[name]), f"<example of {name}>", "exec"), module.__dict__)
    return module


def test_the_table_of_hooks_and_the_specifications_agree():
    assert set(SPECS) == {*(PREFIX + name for name in HOOK_NAMES), "holkas_codes"}
    assert set(hook_names(registry())) == set(SPECS)
    assert set(HOOKS) == set(HOOK_NAMES)
    assert hookspec.project_name == "holkas"


@pytest.mark.parametrize("name", SPECS)
def test_a_hook_has_a_purpose_of_one_line_and_a_type(name):
    first = inspect.getdoc(SPECS[name]).splitlines()[0]
    assert re.fullmatch(r"[A-Z].*\.", first)
    assert "return" in SPECS[name].__annotations__
    assert not inspect.signature(SPECS[name]).parameters
    with pytest.raises(NotImplementedError):
        SPECS[name]()


@pytest.mark.parametrize("hook", HOOK_NAMES)
def test_an_example_offers_something_that_is_made(hook, holkas_plugins):
    plugins = holkas_plugins(run_example(PREFIX + hook))
    providers = plugins.providers(hook)
    assert providers, plugins.problems
    for provider in providers:
        assert plugins.make(hook, provider.name) is not None
        role = plugins.make(hook, provider.name)
        assert provider.capabilities <= getattr(role, "capabilities", frozenset())
    plugins.check()
    assert plugins.problems == []


def test_the_example_of_codes_is_found(holkas_plugins):
    plugins = holkas_plugins(run_example("holkas_codes"))
    assert plugins.codes()["MINE1"].title == "The greeting is empty"


def test_the_example_of_a_notifier_notifies(holkas_plugins, holkas_context):
    from holkas.model.notice import Notice, NoticeKind

    notifier = holkas_plugins(run_example("holkas_notifiers")).make("notifiers", "file")
    notifier.notify(Notice(id="1", kind=NoticeKind.INFORMATION, subject="Hello"))
    notifier.close()
    assert (holkas_context.state / "notices.txt").read_text(encoding="utf-8") == "Hello\n"


def test_the_example_of_a_check_checks(holkas_plugins):
    check = holkas_plugins(run_example("holkas_checks")).make("checks", "make")
    (result,) = check.run()
    assert result.name == "make"


def test_the_example_of_an_importer_is_one(holkas_plugins):
    from holkas.extensions.importer import RunWish
    from holkas.model.run import TaskRun

    importer = holkas_plugins(run_example("holkas_importers")).make("importers", "greeting")
    assert importer.recognises({"kind": "Greeting"})
    assert not importer.recognises({"kind": "Task"})
    assert importer.lint([]) == []
    assert importer.load([], RunWish()).runs == ()
    assert importer.manifest(TaskRun(name="hello"))["metadata"] == {"name": "hello"}


def test_the_example_of_a_command_runs(holkas_plugins, holkas_context):
    from types import SimpleNamespace

    from click.testing import CliRunner

    plugins = holkas_plugins(run_example("holkas_commands"))
    command = plugins.make("commands", "where")
    app = SimpleNamespace(project=holkas_context.project, manager=plugins)
    result = CliRunner().invoke(command, obj=app)
    assert result.output == f"{holkas_context.project}\n"
    outside = CliRunner().invoke(command)
    assert isinstance(outside.exception, LookupError)
