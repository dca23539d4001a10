"""What the built-in plugins' hooks promise is what their tools are: name, role, capabilities, settings."""

from __future__ import annotations

import jsonschema
import pytest
from holkas.plugins.manager import PluginManager
from holkas.plugins.report import describe

EXPECTED = [
    ("version_controls", "git", {}),
    ("artifact_repositories", "directory", {}),
    ("automation_agents", "local", {}),
    ("monitoring", "eventlog", {}),
    ("secret_stores", "secretfile", {}),
    ("notifiers", "file", {}),
    ("notifiers", "smtp", {"host": "localhost", "sender": "a@example.org"}),
    ("notifiers", "webhook", {"url": "https://example.org/"}),
]


@pytest.fixture
def plugins(tmp_path):
    environ = {"HOLKAS_LOAD_PLUGINS": "holkas"}
    return PluginManager.for_project(tmp_path, environ, tmp_path / "state")


@pytest.mark.parametrize(("hook", "name", "options"), EXPECTED)
def test_a_tool_is_what_its_provider_says(plugins, tmp_path, hook, name, options):
    (provider,) = [one for one in plugins.providers(hook) if one.name == name]
    tool = plugins.make(hook, name, options)
    try:
        assert tool.name == name
        assert getattr(tool, "capabilities", frozenset()) == provider.capabilities
    finally:
        tool.close()
    jsonschema.Draft202012Validator.check_schema(provider.options_schema)
    assert provider.options_schema["additionalProperties"] is False
    assert all(fields.get("description") for fields in provider.options_schema["properties"].values())
    assert not list((tmp_path / "state").glob("*")), "making a tool writes nothing"


def test_nothing_is_wrong_with_the_plugins(plugins):
    broken = [
        item["name"]
        for item in describe(plugins)
        if item["distribution"] == "holkas" and item["state"] != "ok"
    ]
    assert broken == []
