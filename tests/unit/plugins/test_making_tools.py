"""From a name to a tool: found, its settings judged, made, its class looked at."""

from __future__ import annotations

import pytest
from holkas.plugins import Provider, hookimpl
from holkas.plugins.errors import PluginError
from holkas.plugins.hooks import HOOK_NAMES, HOOKS
from holkas.plugins.inventory import Entry
from holkas.plugins.manager import PluginManager
from holkas.plugins.options import options_fault
from holkas.plugins.switches import Switches
from holkas.roles.errors import AccessDenied
from holkas.testing.fakes.secret_store import FakeSecretStore

SCHEMA = {
    "type": "object",
    "properties": {"address": {"type": "string"}, "tries": {"type": "integer", "minimum": 1}},
    "required": ["address"],
    "additionalProperties": False,
}


class Plugin:
    """A store that is made by whatever the test says."""

    def __init__(self, make, **fields):
        self.make = make
        self.fields = fields

    @hookimpl
    def holkas_secret_stores(self):
        yield Provider(**{"name": "mine", "summary": "A store.", "make": self.make, **self.fields})


def test_a_tool_is_made_with_its_context(holkas_plugins, holkas_context):
    seen = []

    def make(context):
        seen.append(context)
        return FakeSecretStore()

    plugins = holkas_plugins(Plugin(make, options_schema=SCHEMA))
    first = plugins.make("secret_stores", "mine", {"address": "here"})
    second = plugins.make("secret_stores", "mine", {"address": "there"})
    assert isinstance(first, FakeSecretStore)
    assert first is not second
    assert [context.options["address"] for context in seen] == ["here", "there"]
    assert (seen[0].project, seen[0].state) == (holkas_context.project, holkas_context.state)
    assert seen[0].plugins is plugins


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (None, "'address' is a required property"),
        ({"address": 3}, "address: 3 is not of type 'string'"),
        ({"address": "x", "tries": 0}, "tries: 0 is less than the minimum of 1"),
        ({"address": "x", "trys": 1}, "'trys' was unexpected"),
    ],
)
def test_settings_that_do_not_fit(holkas_plugins, options, said):
    plugins = holkas_plugins(Plugin(lambda context: FakeSecretStore(), options_schema=SCHEMA))
    with pytest.raises(PluginError, match="settings of secret store 'mine'") as caught:
        plugins.make("secret_stores", "mine", options)
    assert caught.value.code == "P103"
    assert said in str(caught.value)


def test_a_schema_that_is_none_is_the_plugins_fault():
    assert "schema is not valid" in options_fault({"type": "nothing"}, {"a": 1})
    assert options_fault({"type": "nothing"}, {}) == ""
    assert options_fault({}, {"a": 1}) == ""


def fail(error):
    def make(context):
        raise error

    return make


@pytest.mark.parametrize(
    ("make", "code", "said"),
    [
        (fail(ImportError("No module named 'hvac'")), "P104", "No module named 'hvac'"),
        (fail(RuntimeError("no")), "P104", "RuntimeError: no"),
        (lambda context: 3, "P105", "made a int, not a SecretStore"),
        (fail(PluginError("of its own", code="MINE1")), "MINE1", "of its own"),
    ],
)
def test_what_goes_wrong_in_a_plugin_is_one_error(holkas_plugins, make, code, said):
    with pytest.raises(PluginError) as caught:
        holkas_plugins(Plugin(make)).make("secret_stores", "mine")
    assert caught.value.code == code
    assert said in str(caught.value)
    assert caught.value.exit_code == 2


def test_an_error_of_a_tool_stays_what_it_is(holkas_plugins):
    with pytest.raises(AccessDenied):
        holkas_plugins(Plugin(fail(AccessDenied("no token")))).make("secret_stores", "mine")


def test_a_misspelt_name_has_a_hint(holkas_plugins):
    with pytest.raises(PluginError, match="no plugin offers secret store 'mind'") as caught:
        holkas_plugins(Plugin(print)).provider("secret_stores", "mind")
    assert caught.value.code == "P101"
    assert caught.value.hint == "did you mean mine?"


def test_an_unknown_name_has_a_hint(holkas_plugins):
    with pytest.raises(PluginError) as caught:
        holkas_plugins(Plugin(print)).provider("secret_stores", "zebra")
    assert "there are mine" in caught.value.hint
    assert "pip install" in caught.value.hint
    assert "zebra" not in caught.value.hint, "no distribution's name is guessed"


def test_a_name_that_is_missing_because_of_the_switches_or_a_fault_says_so(tmp_path):
    def broken():
        raise RuntimeError

    class Bad:
        @hookimpl
        def holkas_secret_stores(self):
            raise RuntimeError("no")

    entries = {name: Entry(name=name, module=name, distribution=f"test-{name}") for name in ("off", "bad")}
    plugins = PluginManager(
        tuple,
        project=tmp_path,
        state=tmp_path,
        switches=Switches(disabled=("off",)),
        given={entries["off"]: Plugin(print), entries["bad"]: Bad()},
    )
    with pytest.raises(PluginError) as caught:
        plugins.provider("secret_stores", "mine")
    assert "left out (bad)" in caught.value.hint
    assert "off by HOLKAS_DISABLED_PLUGINS" in caught.value.hint


@pytest.mark.parametrize("hook", HOOK_NAMES)
def test_every_hook_names_a_class_that_exists(hook):
    from importlib import import_module

    module, _, name = HOOKS[hook].interface.partition(":")
    assert isinstance(getattr(import_module(module), name), type)
