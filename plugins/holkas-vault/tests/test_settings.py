"""The plugin comes in through its hook, and says what is wrong with its settings."""

from __future__ import annotations

import jsonschema
import pytest
from holkas.plugins.errors import PluginError
from holkas.roles.errors import AccessDenied, Retryable, ToolError
from holkas_vault import hooks
from holkas_vault.settings import OPTIONS, settings_of
from holkas_vault.store import VaultStore


def settings(context, environ=None, **options):
    from dataclasses import replace

    given = {name.replace("_", "-"): value for name, value in options.items()}
    jsonschema.validate(given, OPTIONS)
    return settings_of(replace(context, options=given), environ or {})


def test_the_hook_offers_what_the_class_is(holkas_plugins):
    plugins = holkas_plugins(hooks)
    (provider,) = plugins.providers("secret_stores")
    with plugins.make("secret_stores", "vault", {"address": "http://127.0.0.1:1"}) as store:
        assert isinstance(store, VaultStore)
        assert store.capabilities == provider.capabilities
        assert store.name == provider.name
    assert plugins.problems == []
    assert all(about["description"] for about in OPTIONS["properties"].values())
    with pytest.raises(PluginError, match="adress"):
        plugins.make("secret_stores", "vault", {"adress": "x"})


def test_the_environment_is_asked_for_what_is_not_set(holkas_context):
    environ = {"BAO_ADDR": "https://a/", "VAULT_NAMESPACE": "team", "HOME": "/home/anna"}
    found = settings(holkas_context, environ)
    assert (found.address, found.namespace) == ("https://a", "team")
    assert str(found.token_file) == "/home/anna/.vault-token"
    assert settings(holkas_context, environ, token_variable="X").token_file is None
    assert settings(holkas_context, environ, address="http://b").address == "http://b"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, "address of the Vault server is missing"),
        ({"address": "vault:8200"}, "no address"),
        ({"address": "http://a", "auth": "approle"}, "role-id"),
        ({"address": "http://a", "client_cert": "x"}, "belong together"),
        ({"address": "http://a", "ca_file": "none.pem"}, "none.pem is not a file"),
    ],
)
def test_what_is_wrong_is_told(holkas_context, options, told):
    with pytest.raises(ToolError, match=told):
        settings(holkas_context, **options)


def test_without_a_token_nothing_is_asked(holkas_context):
    given = settings(holkas_context, address="http://127.0.0.1:1")
    with VaultStore(given, environ={}) as store, pytest.raises(AccessDenied, match="no token"):
        store.read("a")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe"])
def test_a_token_file_that_holds_none_is_told(holkas_context, tmp_path, content):
    (tmp_path / "token").write_bytes(content)
    given = settings(holkas_context, address="http://127.0.0.1:1", token_file=str(tmp_path / "token"))
    with VaultStore(given, environ={}) as store, pytest.raises(AccessDenied, match="token"):
        store.read("a")


@pytest.mark.parametrize("options", [{}, {"secret_id_file": "none"}])
def test_without_a_secret_id_nothing_is_asked(holkas_context, options):
    given = settings(holkas_context, address="http://127.0.0.1:1", auth="approle", role_id="r", **options)
    with VaultStore(given, environ={}) as store, pytest.raises(AccessDenied, match="secret id"):
        store.read("a")


def test_a_server_that_is_down_may_come_back(holkas_context):
    given = settings(holkas_context, address="http://127.0.0.1:1", kv_version=2)
    with VaultStore(given, environ={"VAULT_TOKEN": "s3cr3t"}) as store:
        with pytest.raises(Retryable) as caught:
            store.read("a")
        assert "s3cr3t" not in str(caught.value)
        assert "cannot be reached" in store.fault()
