"""What a real OpenBao does with logins, leases, namespaces and policies."""

from __future__ import annotations

import logging
import time

import pytest
from holkas.model.lease import Lease
from holkas.model.secret import Secret
from holkas.roles.errors import AccessDenied, NotFound, ToolError
from holkas_vault.key_value import BYTES

pytestmark = pytest.mark.service
ROOT = "root-of-the-tests"


@pytest.fixture
def with_role(make, approle):
    """Makes a store that logs in with an AppRole."""

    def with_role(ttl="1h", **options):
        login = approle(ttl)
        environ = {"VAULT_SECRET_ID": login["secret_id"]}
        return make(auth="approle", role_id=login["role_id"], environ=environ, **options)

    return with_role


def token_of(store):
    return store._session._client.token


def test_the_login_is_revoked_at_the_end(with_role, admin):
    store = with_role()
    store.write("a", {"value": Secret("x")})
    token = token_of(store)
    assert admin.auth.token.lookup(token)["data"]["renewable"]
    store.close()
    with pytest.raises(Exception, match="bad token"):
        admin.auth.token.lookup(token)


def test_a_token_that_was_given_is_not_revoked(make, admin):
    store = make()
    store.write("a", {"value": Secret("x")})
    store.close()
    assert admin.auth.token.lookup(ROOT)["data"]["id"] == ROOT


def test_a_new_login_follows_one_that_has_ended(with_role, admin):
    store = with_role()
    store.write("a", {"value": Secret("x")})
    admin.auth.token.revoke(token_of(store))
    assert store.read("a").reveal_text() == "x"


def test_a_token_file_is_read_again_when_its_token_has_ended(make, admin, tmp_path):
    place = tmp_path / "token"
    first, second = (admin.auth.token.create(ttl="1h")["auth"]["client_token"] for _ in range(2))
    place.write_text(first)
    store = make(token_file=str(place), environ={})
    store.write("a", {"value": Secret("x")})
    admin.auth.token.revoke(first)
    with pytest.raises(AccessDenied):
        store.read("a")
    place.write_text(second)
    assert store.read("a").reveal_text() == "x"


def test_credentials_are_revoked_at_the_end(with_role, broker):
    store = with_role(credentials={"app": {"path": "rabbitmq/creds/contract"}})
    user = store.credentials("app").values["username"].reveal_text()
    assert user in broker.users
    store.close()
    with broker.changed:
        assert broker.changed.wait_for(lambda: user not in broker.users, timeout=30)


def test_credentials_and_login_are_renewed_in_time(with_role, admin):
    store = with_role(ttl="10m", credentials={"app": {"path": "rabbitmq/creds/contract"}})
    lease = store.credentials("app")
    before = admin.sys.read_lease(lease.id)["data"]
    assert before["last_renewal"] is None
    store._keeper._clock = lambda: time.time() + 500
    assert store._keeper.renew_due() is not None
    assert admin.sys.read_lease(lease.id)["data"]["last_renewal"]
    assert admin.auth.token.lookup(token_of(store))["data"]["last_renewal_time"]


def test_parameters_go_along(make, admin):
    admin.sys.enable_secrets_engine("ssh")
    admin.write_data(
        "ssh/roles/otp", data={"key_type": "otp", "default_user": "anna", "cidr_list": "127.0.0.0/8"}
    )
    rule = {"path": "ssh/creds/otp", "parameters": {"ip": "127.0.0.1"}}
    with make(credentials={"login": rule}) as store:
        lease = store.credentials("login")
        assert lease.values["username"].reveal_text() == "anna"
        store.revoke(lease)


def test_a_role_that_is_not_there_is_not_found(make):
    store = make(dynamic_mount="rabbitmq")
    for role in ("none", "", "../sys"):
        with pytest.raises((NotFound, ToolError)):
            store.credentials(role)


def test_what_a_policy_does_not_allow_is_denied(make, approle):
    login = approle(policy='path "two/metadata/*" {capabilities = ["list"]}')
    store = make(
        kv_version=2,
        auth="approle",
        role_id=login["role_id"],
        environ={"VAULT_SECRET_ID": login["secret_id"]},
    )
    with pytest.raises(AccessDenied) as caught:
        store.read("a")
    assert login["secret_id"] not in f"{caught.value} {caught.value.hint}"
    assert store.names() == ()


def test_a_wrong_login_is_told_without_it(make, approle):
    login = approle()
    store = make(auth="approle", role_id=login["role_id"], environ={"VAULT_SECRET_ID": "wrong-s3cr3t"})
    with pytest.raises(ToolError) as caught:
        store.read("a")
    assert "wrong-s3cr3t" not in str(caught.value)
    assert "log in" in store.fault()


def test_an_older_version_is_read(make):
    store = make(mount="two")
    store.write("a", {"value": Secret("old")})
    store.write("a", {"value": Secret("new")})
    assert store.read("a", version="1").reveal_text() == "old"
    for version in ("3", "0", "x", "-1"):
        with pytest.raises(NotFound):
            store.read("a", version=version)


def test_version_one_keeps_no_versions(make):
    store = make(mount="one")
    store.write("a", {"value": Secret("x")})
    with pytest.raises(NotFound, match="version"):
        store.read("a", version="1")


def test_a_mount_that_is_none_is_told(make):
    with pytest.raises(ToolError):
        make(mount="nowhere").read("a")
    with pytest.raises(ToolError, match="no key-value engine"):
        make(mount="transit").read("a")


@pytest.mark.parametrize("name", ["", "/a", "a/", "a//b", "../two", "a/../b", "a\nb"])
def test_a_name_that_leaves_is_the_name_of_nothing(make, name):
    store = make(kv_version=2)
    with pytest.raises(NotFound):
        store.read(name)
    with pytest.raises(ToolError):
        store.write(name, {"value": Secret("x")})
    assert "../two" not in store.names("../")


@pytest.mark.parametrize("name", ["a b", "a?b=c", "a#b", "ä/é", "100%", "a+b"])
def test_any_other_name_is_kept_as_it_is(make, name):
    store = make(mount="two")
    store.write(name, {"value": Secret(name)})
    assert store.read(name).reveal_text() == name
    assert store.names() == (name,)


def test_values_that_others_wrote_are_read(make, admin, prefix):
    values = {"number": 7, "flag": True, "list": [1, "a"], "nothing": None, "broken": {BYTES: "%"}}
    admin.secrets.kv.v2.create_or_update_secret(f"{prefix}/a", values, mount_point="two")
    store = make(mount="two")
    read = {key: store.read("a", key).reveal_text() for key in ("number", "flag", "list", "nothing")}
    assert read == {"number": "7", "flag": "true", "list": '[1, "a"]', "nothing": "null"}
    with pytest.raises(ToolError, match=BYTES):
        store.read("a", "broken")


def test_a_namespace_keeps_apart(make, admin, prefix):
    admin.write_data(f"sys/namespaces/{prefix}", data={})
    inside = make(namespace=prefix, mount="kv", prefix="x")
    other = type(admin)(url=admin.url, token=ROOT, namespace=prefix)
    other.sys.enable_secrets_engine("kv", path="kv", options={"version": "2"})
    inside.write("a", {"value": Secret("x")})
    assert inside.names() == ("a",)
    with pytest.raises(ToolError):
        make(mount="kv", prefix="x").read("a")


def test_keys_sign_and_others_are_not_found(make):
    store = make()
    assert store.verify("contract", b"data", b"no signature") is False
    for key in ("none", "../sys", ""):
        with pytest.raises(ToolError):
            store.sign(key, b"data")


def test_a_lease_that_is_unknown_has_ended(make):
    with pytest.raises(NotFound):
        make().renew(Lease(id="rabbitmq/creds/contract/none", values={}, granted=0.0))


def test_closing_tells_what_could_not_be_revoked_and_raises_nothing(with_role, caplog, monkeypatch):
    store = with_role(credentials={"app": {"path": "rabbitmq/creds/contract"}})
    store.credentials("app")
    monkeypatch.setattr(store._session._client.adapter, "base_uri", "http://127.0.0.1:1")
    with caplog.at_level(logging.WARNING):
        store.close()
    assert "not revoked" in caplog.text


def test_a_server_with_tls_is_trusted_by_its_authority_alone(start, make, tmp_path, monkeypatch):
    where = start("-dev-tls", f"-dev-tls-cert-dir={tmp_path}")
    (ca,) = [path for path in tmp_path.iterdir() if "ca" in path.name and "key" not in path.name]
    store = make(address=f"https://{where}", mount="secret", ca_file=str(ca))
    store.write("a", {"value": Secret("x")})
    assert store.read("a").reveal_text() == "x"
    with pytest.raises(ToolError, match="not trusted"):
        make(address=f"https://{where}", mount="secret").read("a")
