"""HOLKAS_LOAD_PLUGINS and HOLKAS_DISABLED_PLUGINS take names of entry points or distributions."""

from __future__ import annotations

import pytest
from holkas.plugins.inventory import Entry
from holkas.plugins.switches import DISABLED, LOAD, Switches

VAULT = Entry(name="vault", module="holkas_vault.hooks", distribution="Holkas_Vault")
LOCAL = Entry(name="runner", module="holkas_builtin.runner.hooks", distribution="holkas")


@pytest.mark.parametrize(
    ("environ", "vault", "local"),
    [
        ({}, "", ""),
        ({DISABLED: "vault"}, DISABLED, ""),
        ({DISABLED: "holkas-vault"}, DISABLED, ""),
        ({DISABLED: " vault , ,runner"}, DISABLED, DISABLED),
        ({DISABLED: "holkas"}, "", DISABLED),
        ({LOAD: "vault"}, "", LOAD),
        ({LOAD: "holkas.vault"}, "", LOAD),
        ({LOAD: ""}, LOAD, LOAD),
        ({LOAD: "vault,runner", DISABLED: "runner"}, "", DISABLED),
        ({LOAD: "VAULT"}, LOAD, LOAD),
    ],
)
def test_what_is_left_out_and_why(environ, vault, local):
    switches = Switches.of(environ)
    assert (switches.why_not(VAULT), switches.why_not(LOCAL)) == (vault, local)


def test_a_name_that_nothing_has_is_told_for_loading_only():
    switches = Switches.of({LOAD: "vault,voult", DISABLED: "nothing"})
    assert switches.unknown([VAULT, LOCAL]) == [(LOAD, "voult")]
    assert Switches.of({}).unknown([VAULT]) == []


@pytest.mark.parametrize(("value", "trace"), [("1", True), ("yes", True), ("0", False), ("", False)])
def test_trace(value, trace):
    assert Switches.of({"HOLKAS_TRACE_PLUGINS": value}).trace is trace
