"""``holkas plugins list|info``: tables for people, versioned JSON for machines, problems beside it."""

from __future__ import annotations

import json
from textwrap import dedent

import pytest
from click.testing import CliRunner
from holkas.cli.app import App
from holkas.cli.plugins import command
from holkas.plugins.errors import PluginError

PLUGIN = """
    from holkas.plugins import Provider, hookimpl

    SCHEMA = {
        "type": "object",
        "required": ["address"],
        "properties": {
            "address": {"type": "string", "description": "Where it is."},
            "odd": True,
        },
    }

    @hookimpl
    def holkas_secret_stores():
        flags = frozenset({"write", "lease"})
        yield Provider(name="mine", summary="My store.", make=print, options_schema=SCHEMA, capabilities=flags)
        yield Provider(name="twice", summary="One.", make=print)
        yield Provider(name="twice", summary="Other.", make=print)

    @hookimpl
    def holkas_targets():
        yield Provider(name="plain", summary="No settings.", make=print, options_schema={"type": "object"})
"""


@pytest.fixture
def run(tmp_path):
    """Runs the command in a project with a plugin of its own; the built-ins come along unless switched off."""

    def run(*words, plugin=PLUGIN, verbose=0, **environ):
        (tmp_path / "holkas_plugin.py").write_text(dedent(plugin), encoding="utf-8")
        (tmp_path / "holkas.yaml").touch()
        environ.setdefault("HOLKAS_LOAD_PLUGINS", "holkas_plugin")
        environ.setdefault("HOLKAS_STATE_DIR", str(tmp_path / "state"))
        app = App(environ=environ, directory=tmp_path, verbose=verbose)
        # click keeps with a command how its help was asked for the first time.
        return CliRunner().invoke(command, words, obj=app, help_option_names=["-h", "--help"])

    return run


def test_the_table_shows_what_each_offers_and_its_state(run):
    result = run("list")
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["PLUGIN", "VERSION", "DISTRIBUTION", "OFFERS", "STATE"]
    row = next(line for line in lines if line.startswith("holkas_plugin"))
    assert "secret_stores: mine, twice, twice; targets: plain" in row
    assert row.endswith("faulty")
    assert any(line.startswith("tekton ") and line.endswith("disabled") for line in lines)
    assert "warning[P102]" in result.stderr
    assert "secret store 'twice' is offered by holkas_plugin.py" in result.stderr


def test_the_json_is_versioned(run):
    shown = json.loads(run("list", "-o", "json").stdout)
    assert (shown["apiVersion"], shown["kind"]) == ("holkas/v1", "PluginList")
    (mine,) = [item for item in shown["items"] if item["name"] == "holkas_plugin"]
    assert set(mine) == {
        "name",
        "version",
        "distribution",
        "module",
        "state",
        "disabledBy",
        "providers",
        "problems",
    }
    assert mine["providers"][0]["capabilities"] == ["lease", "write"]
    assert mine["providers"][0]["optionsSchema"]["required"] == ["address"]
    assert mine["problems"][0]["code"] == "P102"
    (tekton,) = [item for item in shown["items"] if item["name"] == "tekton"]
    assert (tekton["state"], tekton["disabledBy"]) == ("disabled", "HOLKAS_LOAD_PLUGINS")


def test_the_yaml_says_the_same_as_the_json(run):
    from holkas.yaml.loader import load

    text = run("list", "-o", "yaml").stdout
    assert load(text) == json.loads(run("list", "-o", "json").stdout)


def test_names_alone(run):
    assert "holkas_plugin" in run("list", "-o", "name").stdout.splitlines()


def test_a_broken_plugin_is_shown_and_the_exit_code_is_good(run):
    result = run("list", plugin="raise RuntimeError('oh')")
    assert result.exit_code == 0
    assert next(line for line in result.stdout.splitlines() if line.startswith("holkas_plugin")).endswith(
        "broken"
    )
    assert "warning[P201]" in result.stderr
    assert "Traceback" not in result.stderr
    assert "Traceback" in run("list", plugin="raise RuntimeError('oh')", verbose=2).stderr


def test_nothing_is_wrong_then_nothing_is_said(run):
    result = run("list", HOLKAS_LOAD_PLUGINS="")
    assert result.stderr == ""


def test_info_tells_all(run):
    text = run("info", "holkas_plugin").stdout
    assert "state:        faulty" in text
    assert "My store." in text
    assert "lease, write" in text
    assert "address (required)  string  Where it is." in text
    assert "problem[P102]" in text
    assert "= hint:" in text


def test_info_by_what_is_offered_and_by_distribution(run):
    assert "holkas_plugin.py" in run("info", "mine").stdout
    every = run("info", "holkas")
    assert every.stdout.count("distribution: holkas") >= 3
    shown = json.loads(run("info", "holkas", "-o", "json").stdout)
    assert shown["kind"] == "PluginList"
    one = json.loads(run("info", "holkas_plugin", "-o", "json").stdout)
    assert (one["apiVersion"], one["kind"], one["name"]) == ("holkas/v1", "Plugin", "holkas_plugin")
    assert run("info", "holkas_plugin", "-o", "name").stdout == "holkas_plugin\n"


@pytest.mark.parametrize(
    ("name", "hint"), [("holkas_plugn", "did you mean holkas_plugin"), ("zzz", "plugins list")]
)
def test_info_of_nothing_is_an_error(run, name, hint):
    result = run("info", name)
    assert isinstance(result.exception, PluginError)
    assert (result.exception.code, result.exception.exit_code) == ("P106", 2)
    assert hint in result.exception.hint


def test_what_a_plugin_says_cannot_steer_the_terminal(run):
    plugin = """
        from holkas.plugins import Provider, hookimpl

        @hookimpl
        def holkas_targets():
            yield Provider(name="loud", summary="\\x1b[2Jcleared\\x07", make=print)
    """
    for words in (("list",), ("info", "loud"), ("info", "holkas_plugin")):
        result = run(*words, plugin=plugin)
        assert "loud" in result.stdout
        assert "\x1b" not in result.stdout
        assert "\x07" not in result.stdout
    assert "cleared" in run("info", "loud", plugin=plugin).stdout
