"""The frame of the command line: commands by name, errors as sentences, exit codes."""

from __future__ import annotations

import sqlite3
import sys

import click
import pytest
from holkas import __version__
from holkas.cli import main as frame
from holkas.cli.app import App, find_project
from holkas.cli.errors import CommandError, exit_code_of, render_error
from holkas.cli.main import COMMANDS
from holkas.roles.errors import AccessDenied, ToolError
from holkas.state.schema import VERSION
from holkas.state.store import Store


def test_help_lists_all_commands_with_their_lines(holkas):
    said = holkas("--help")
    assert said.code == 0
    for name, (_, line) in COMMANDS.items():
        assert name in said.out
        assert line.split(",")[0][:20] in said.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_of_its_own(holkas, name):
    said = holkas(name, "-h")
    assert said.code == 0
    assert said.out.startswith(f"Usage: holkas {name}")


def test_the_version(holkas):
    assert holkas("--version").out == f"holkas {__version__}\n"


def test_an_unknown_command_has_a_close_match(holkas):
    said = holkas("lnit")
    assert said.code == 2
    assert "No such command 'lnit'" in said.err
    assert said.err.count("lint") == 1
    assert holkas("zzzzz").code == 2
    assert holkas("runs", "shwo").code == 2


def test_a_wrong_override(holkas):
    assert "has no '='" in holkas("--config", "x", "config", "show").err
    said = holkas("--config", "run.jobs=x", "config", "show")
    assert said.code == 2
    assert "error[C002]: run.jobs wants a whole number" in said.err
    assert "--> --config run.jobs" in said.err


class TestConfig:
    def test_show(self, holkas):
        holkas.file("holkas.yaml", "run: {jobs: 4}\nplugins: {executors: {sandbox: {images: {}}}}\n")
        said = holkas("config", "show")
        assert ["run.jobs", "4"] in [line.split() for line in said.out.splitlines()]
        said = holkas("-c", "run.server=x", "config", "show", "--origin", "-o", "json")
        items = {item["name"]: item for item in said.json["items"]}
        assert items["run.jobs"]["origin"].endswith("holkas.yaml:1")
        assert items["run.jobs"]["layer"] == "project"
        assert items["run.server"]["origin"] == "flag: --config run.server"
        assert items["state.directory"]["origin"] == "environment: HOLKAS_STATE_DIR"
        assert items["plugins.executors.sandbox.images"]["value"] == {}
        origins = holkas("config", "show", "--origin").out
        assert "default" in origins
        assert "run.jobs" in holkas("config", "show", "-o", "name").out
        assert "kind: SettingList" in holkas("config", "show", "-o", "yaml").out

    def test_a_broken_file_is_shown_with_its_place(self, holkas):
        holkas.file("holkas.yaml", "run: {job: 4}\n")
        for words in (("config", "show"), ("runs", "list")):
            said = holkas(*words)
            assert said.code == 2
            assert "holkas.yaml:1:7" in said.err
            assert "did you mean run.jobs?" in said.err

    def test_settings_reach_commands_and_plugins(self, holkas):
        holkas.file("holkas.yaml", "plugins: {executors: {process: {imagez: 1}}}\n")
        holkas.file(
            "t.yaml",
            "apiVersion: tekton.dev/v1\nkind: TaskRun\nmetadata: {name: x}\n"
            'spec: {taskSpec: {steps: [{name: s, image: a, script: "true"}]}}\n',
        )
        said = holkas("run", "t.yaml")
        assert said.code != 0
        assert "imagez" in said.err

    def test_the_state_directory_is_relative_to_who_says_it(self, holkas, monkeypatch):
        monkeypatch.delenv("HOLKAS_STATE_DIR")
        holkas.file("holkas.yaml", "state: {directory: kept}\n")
        (holkas.directory / "deep").mkdir()
        monkeypatch.chdir(holkas.directory / "deep")
        assert App().state == holkas.directory / "kept"
        assert App(overrides={"state.directory": "x"}).state == holkas.directory / "deep" / "x"
        monkeypatch.setenv("HOLKAS_STATE_DIR", "y")
        assert App().state == holkas.directory / "deep" / "y"


def test_the_project_is_found_upwards(tmp_path):
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    assert find_project(deep) == deep
    (tmp_path / "a" / ".git").mkdir()
    assert find_project(deep) == tmp_path / "a"
    (deep / "holkas.yaml").write_text("")
    assert find_project(deep) == deep


def test_schema_and_explain_and_completion(holkas):
    assert holkas("schema").json["title"] == "holkas.yaml"
    assert holkas("explain", "c001").out.startswith("C001: ")
    said = holkas("explain", "C00")
    assert said.code == 2
    assert "close: C00" in said.err
    assert "there is no code" in holkas("explain", "%%").err
    for shell in ("bash", "zsh", "fish"):
        assert "_HOLKAS_COMPLETE" in holkas("completion", shell).out
    assert holkas("completion", "cmd").code == 2


class TestState:
    def test_a_file_in_the_place_of_the_state(self, holkas, monkeypatch):
        path = holkas.file("file", "")
        monkeypatch.setenv("HOLKAS_STATE_DIR", str(path / "state"))
        said = holkas("runs", "list")
        assert said.code == 2
        assert said.err.startswith("error[S003]: the state directory ")
        assert "Not a directory" in said.err

    def test_a_damaged_store(self, holkas, tmp_path):
        (tmp_path / "state").mkdir()
        (tmp_path / "state" / "holkas.db").write_text("no database at all " * 99)
        said = holkas("runs", "list")
        assert said.code == 2
        assert "error[S003]" in said.err

    def test_a_newer_store(self, holkas, tmp_path):
        Store(tmp_path / "state").close()
        with sqlite3.connect(tmp_path / "state" / "holkas.db") as connection:
            connection.execute(f"PRAGMA user_version = {VERSION + 1}")
        said = holkas("runs", "show")
        assert said.code == 2
        assert "error[S001]" in said.err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CommandError("m"), 2),
        (CommandError("m", exit_code=1), 1),
        (AccessDenied("m"), 4),
        (ToolError("m"), 1),
        (OSError(2, "No such file", "f"), 2),
        (ValueError("m"), None),
    ],
)
def test_exit_codes_of_errors(error, code):
    assert exit_code_of(error) == code


def test_errors_as_sentences():
    assert render_error(CommandError("m", hint="h", code="X1")) == "error[X1]: m\n  = hint: h"
    assert render_error(OSError(2, "No such file", "f")) == "error: f: No such file"
    assert render_error(OSError(28, "No space left")) == "error: No space left"
    assert render_error(CommandError("\x1b[31mred")) == "error: red"


def failing(monkeypatch, error):
    @click.command()
    def command():
        raise error

    monkeypatch.setattr(frame.MainGroup, "get_command", lambda *_: command)


def test_a_bug_is_told_as_one_and_shown_on_demand(holkas, monkeypatch):
    failing(monkeypatch, ZeroDivisionError("oh"))
    said = holkas("lint")
    assert (said.code, said.err) == (
        1,
        "error: oh\n  = hint: this is a bug of holkas; run it again with -vv and report it\n",
    )
    code = frame.main(["-vv", "lint"])
    assert (code, "Traceback" in holkas.capsys.readouterr().err) == (1, True)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), click.Abort()])
def test_an_interrupted_command(holkas, monkeypatch, error):
    failing(monkeypatch, error)
    said = holkas("lint")
    assert said.code == 130
    assert said.err.strip() == "interrupted"


def test_windows_is_refused_with_a_sentence(holkas, monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    said = holkas("lint")
    assert said.code == 2
    assert "WSL" in said.err


def test_commands_of_plugins_are_found_by_name(holkas):
    holkas.file(
        "holkas_plugin.py",
        """\
        import click
        from holkas.plugins import hookimpl
        from holkas.plugins.provider import Provider

        @click.command(name="greet", help="Greets.")
        def greet():
            click.echo("hello from the project")

        @hookimpl
        def holkas_commands():
            yield Provider(name="greet", summary="Greets.", make=lambda context: greet)
        """,
    )
    assert holkas("greet").out == "hello from the project\n"
    assert holkas("greett").code == 2
