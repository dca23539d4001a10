"""Every hook, command, option, setting, variable and code has its entry in the reference."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from holkas.cli.main import COMMANDS, cli
from holkas.config.settings import SETTINGS
from holkas.model.run_event import RunEventKind
from holkas.plugins.hooks import HOOKS
from holkas.plugins.registry import hook_names, registry

from docs._generate.commands import commands, options
from docs._generate.configuration import manager
from docs._generate.pages import read

ROOT = Path(__file__).resolve().parents[2]
SOURCES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for room in ("core", "compat", "plugins/builtin")
    for path in (ROOT / room).rglob("*.py")
    if "testing" not in path.parts
}
CODES = manager().codes()
COMMAND_LIST = dict(commands())


def section(page: str, heading: str) -> str:
    """From a heading of the second level to the next one; fails where it is missing."""
    found = re.search(rf"^## {re.escape(heading)}$(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    assert found, f"no section {heading!r}"
    return found[1]


@pytest.mark.parametrize("hook", hook_names(registry()))
def test_a_hook_has_its_section_with_an_example(hook):
    text = section(read("docs/reference/hooks.md"), hook)
    assert "@hookimpl" in text


@pytest.mark.parametrize(
    "about", [about for about in HOOKS.values() if about.role], ids=lambda about: about.noun
)
def test_a_role_has_its_section(about):
    section(read("docs/reference/roles.md"), about.interface.partition(":")[2])


def test_every_command_of_the_table_is_walked():
    assert {name.split()[1] for name in COMMAND_LIST} == set(COMMANDS)


@pytest.mark.parametrize("name", COMMAND_LIST)
def test_a_command_and_its_options_are_documented(name):
    command = COMMAND_LIST[name]
    assert command.help
    if isinstance(command, click.Group):
        return
    text = section(read("docs/reference/commands.md"), name)
    for option in options(command):
        assert option.help, f"{name} {option.opts[0]} does not say what it is"
        for spelling in (*option.opts, *option.secondary_opts):
            assert f"`{spelling}`" in text


def test_options_of_every_command_are_documented():
    text = section(read("docs/reference/commands.md"), "Options of every command")
    for option in options(cli):
        assert option.help
        assert f"`{option.opts[-1]}`" in text


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_a_setting_and_its_variable_are_documented(setting):
    page = read("docs/reference/configuration.md")
    assert f"| `{setting.key}` |" in page
    assert f"`{setting.variable}`" in page
    assert f"| `{setting.variable}` |" in read("docs/reference/environment.md")


def test_every_variable_that_the_code_names_is_documented():
    page = read("docs/reference/environment.md")
    # _HOLKAS_COMPLETE is between click and the completion script that it prints.
    names = {
        name for text in SOURCES.values() for name in re.findall(r"(?<![A-Z_])HOLKAS_[A-Z_]*[A-Z]", text)
    }
    assert {"HOLKAS_STATE_DIR", "HOLKAS_LOAD_PLUGINS"} <= names
    assert not {name for name in names if f"`{name}`" not in page}


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_code_is_documented(code):
    assert f"| `{code}` | " in read("docs/reference/errors.md")
    assert CODES[code].title
    assert CODES[code].text


def test_every_code_that_the_code_gives_is_explained():
    given = {code for text in SOURCES.values() for code in re.findall(r"\"([CPRSTY]\d{3})\"", text)}
    assert len(given) > 100
    assert not given - set(CODES)


@pytest.mark.parametrize("kind", RunEventKind)
def test_an_event_is_documented(kind):
    assert f"| `{kind.value}` | " in read("docs/reference/events.md")
