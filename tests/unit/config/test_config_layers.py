"""holkas.yaml: layers, origins, and everything that is wrong at once."""

from __future__ import annotations

import json
from textwrap import dedent

import jsonschema
import pytest
from holkas.config.config import Config, Origin
from holkas.config.errors import CODES, ConfigError
from holkas.config.json_schema import config_schema
from holkas.config.load import load_config, project_file, user_file
from holkas.config.settings import BY_KEY, SETTINGS, Setting
from holkas.plugins.manager import PluginManager


@pytest.fixture
def project(tmp_path):
    place = tmp_path / "project"
    (place / ".git").mkdir(parents=True)
    return place


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(text))
    return path


def faults(directory, environ=None, overrides=None):
    with pytest.raises(ConfigError) as caught:
        load_config(directory, environ or {}, overrides or {})
    assert caught.value.exit_code == 2
    for finding in caught.value.findings:
        assert finding.code in CODES
        assert finding.message in str(caught.value)
    return caught.value.findings


def test_without_any_layer_there_are_the_defaults(project):
    config = load_config(project, {}, {})
    assert {key: entry.value for key, entry in config} == {
        setting.key: setting.default for setting in SETTINGS
    }
    assert config.origin("run.jobs") == Origin("default")
    assert str(config.origin("run.jobs")) == "default"


def test_later_layers_win_and_each_value_knows_its_origin(project, tmp_path):
    user = write(tmp_path / "xdg" / "holkas" / "holkas.yaml", "run: {jobs: 1, executor: a, server: u}\n")
    own = write(project / "holkas.yaml", "# mine\nrun:\n  executor: b\n  jobs: 2\n")
    environ = {
        "XDG_CONFIG_HOME": str(tmp_path / "xdg"),
        "HOLKAS_RUN_JOBS": "3",
        "HOLKAS_RUN_PROGRESS": "plain",
    }
    config = load_config(project, environ, {"run.progress": "quiet"})
    assert (config.number("run.jobs"), str(config.origin("run.jobs"))) == (3, "environment: HOLKAS_RUN_JOBS")
    assert (config.text("run.executor"), str(config.origin("run.executor"))) == ("b", f"project: {own}:3")
    assert (config.text("run.server"), str(config.origin("run.server"))) == ("u", f"user: {user}:1")
    assert (config.text("run.progress"), str(config.origin("run.progress"))) == (
        "quiet",
        "flag: --config run.progress",
    )


def test_the_projects_file_is_looked_for_up_to_the_git_root(project, tmp_path):
    write(tmp_path / "holkas.yaml", "run: {jobs: 9}\n")
    below = project / "a" / "b"
    below.mkdir(parents=True)
    assert project_file(below) is None
    own = write(project / "a" / "holkas.yaml", "")
    assert project_file(below) == own


def test_outside_of_a_repository_it_is_looked_for_up_to_the_root(tmp_path):
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    own = write(tmp_path / "holkas.yaml", "run: {jobs: 9}\n")
    assert project_file(below) == own


@pytest.mark.parametrize(
    ("environ", "found"),
    [
        ({"XDG_CONFIG_HOME": "/x", "HOME": "/h"}, "/x/holkas/holkas.yaml"),
        ({"XDG_CONFIG_HOME": "relative", "HOME": "/h"}, "/h/.config/holkas/holkas.yaml"),
        ({"HOME": "/h"}, "/h/.config/holkas/holkas.yaml"),
        ({}, None),
    ],
)
def test_the_users_file_lies_in_the_xdg_place(environ, found):
    path = user_file(environ)
    assert (None if path is None else str(path)) == found


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "---\n", "run:\n", "plugins: {}\n", "plugins: {executors: {sandbox: }}\n"]
)
def test_a_file_that_says_nothing_changes_nothing(project, text):
    write(project / "holkas.yaml", text)
    assert load_config(project, {}, {}) == Config({})


@pytest.mark.parametrize(
    ("text", "code", "message", "hint"),
    [
        ("run: {job: 3}", "C001", "no setting run.job", "did you mean run.jobs?"),
        ("zzz: 1", "C001", "no setting zzz", "holkas schema"),
        ("run.jobs: 3", "C001", "with a dot", "run: { jobs"),
        ("run: {jobs: many}", "C002", "run.jobs wants a whole number, not 'many'", ""),
        ("run: {jobs: true}", "C002", "a whole number, not True", ""),
        ("run: {executor: 3}", "C002", "run.executor wants a text", ""),
        ("run: {jobs: [1]}", "C002", "a whole number", ""),
        ("run: 3", "C002", "run wants a mapping, not 3", ""),
        ("[a]", "C002", "one mapping of settings", ""),
        ("run: {jobs: 1}\n---\nrun: {jobs: 2}", "C002", "one mapping of settings", ""),
        ("run: {jobs: -1}", "C003", "at least 0, not -1", ""),
        ("run: {progress: liev}", "C003", "run.progress is one of", "did you mean live?"),
        ("run: {progress: x}", "C003", "run.progress is one of", ""),
        ("plugins: {executors: 3}", "C002", "plugins.<hook>.<provider>.<setting>", ""),
        ("plugins: {executors: {sandbox: 3}}", "C002", "plugins.<hook>.<provider>.<setting>", ""),
    ],
)
def test_what_is_wrong_is_said_with_its_place(project, text, code, message, hint):
    path = write(project / "holkas.yaml", text + "\n")
    (finding,) = faults(project)
    assert finding.code == code
    assert message in finding.message
    assert hint in finding.hint
    assert finding.place.source == str(path)


def test_yaml_that_cannot_be_read_is_a_finding(project):
    write(project / "holkas.yaml", "run: [\n")
    with pytest.raises(ConfigError) as caught:
        load_config(project, {}, {})
    assert caught.value.findings[0].place.line


def test_everything_wrong_is_said_at_once(project, tmp_path):
    write(tmp_path / "xdg" / "holkas" / "holkas.yaml", "a: 1\n")
    write(project / "holkas.yaml", "b: 1\nrun: {jobs: x}\n")
    environ = {"XDG_CONFIG_HOME": str(tmp_path / "xdg"), "HOLKAS_RUN_JOBS": "y"}
    found = faults(project, environ, {"c": "1", "run.jobs": "-2"})
    assert [finding.code for finding in found] == ["C001", "C001", "C002", "C002", "C001", "C003"]
    assert [finding.place.source for finding in found[3:]] == [
        "HOLKAS_RUN_JOBS",
        "--config c",
        "--config run.jobs",
    ]


def test_an_empty_variable_is_none(project):
    assert load_config(project, {"HOLKAS_RUN_JOBS": "", "HOLKAS_STATE_DIR": ""}, {}) == Config({})


def test_the_short_variable_of_the_state_directory_has_its_origin(project):
    environ = {"HOLKAS_STATE_DIR": "/a", "HOLKAS_STATE_DIRECTORY": "/b"}
    config = load_config(project, environ, {})
    assert config.text("state.directory") == "/a"
    assert str(config.origin("state.directory")) == "environment: HOLKAS_STATE_DIR"


def test_switches_for_plugins_are_no_settings(project):
    assert load_config(project, {"HOLKAS_DISABLED_PLUGINS": "x", "HOLKAS_TRACE_PLUGINS": "1"}, {}) == Config(
        {}
    )


def test_plugins_have_settings_of_any_shape(project):
    write(
        project / "holkas.yaml", "plugins: {executors: {sandbox: {images: {alpine: {cmd: [a]}}, size: 3}}}\n"
    )
    config = load_config(project, {}, {})
    assert config.plugin_options("executors", "sandbox") == {"images": {"alpine": {"cmd": ["a"]}}, "size": 3}
    assert config.plugin_options("executors", "other") == {}


@pytest.mark.parametrize(("text", "value"), [("yes", True), ("OFF", False), ("1", True), ("0", False)])
def test_booleans_come_as_words(project, monkeypatch, text, value):
    setting = Setting("run.fast", "boolean", False, "For this test.")
    monkeypatch.setitem(BY_KEY, "run.fast", setting)
    config = load_config(project, {}, {"run.fast": text})
    assert config.entries["run.fast"].value is value
    (finding,) = faults(project, {}, {"run.fast": "perhaps"})
    assert "true or false" in finding.message


def test_the_variable_of_a_setting():
    assert Setting("lint.api-fields", "string", "", "").variable == "HOLKAS_LINT_API_FIELDS"


@pytest.fixture(scope="module")
def schema(tmp_path_factory):
    place = tmp_path_factory.mktemp("project")
    return config_schema(PluginManager.for_project(place, {}, place))


def test_it_is_a_schema(schema):
    jsonschema.Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ({}, True),
        ({"run": {"jobs": 3, "progress": "live"}}, True),
        ({"run": {"jobs": -1}}, False),
        ({"run": {"progress": "x"}}, False),
        ({"run": {"job": 1}}, False),
        ({"x": 1}, False),
        ({"plugins": {"executors": {"process": {"images": {}}}}}, True),
        ({"plugins": {"executors": {"unknown": {}}}}, False),
        ({"plugins": {"cooks": {}}}, False),
    ],
)
def test_it_takes_what_loading_takes(schema, value, right):
    assert jsonschema.Draft202012Validator(schema).is_valid(value) is right


def test_every_setting_has_its_words_and_its_default(schema):
    for setting in SETTINGS:
        node = schema
        for part in setting.key.split("."):
            node = node["properties"][part]
        assert node["description"] == setting.description
        assert node["default"] == setting.default
