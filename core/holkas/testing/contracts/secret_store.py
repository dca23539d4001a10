"""The contract of secret stores."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from holkas.model.lease import Lease
from holkas.model.secret import Secret
from holkas.roles.errors import NotFound, Unsupported
from holkas.roles.secret_store import SecretStore
from holkas.testing.contracts.role import Needs, RoleContract

_ANY = Lease(id="x", values={}, granted=0.0)


class SecretStoreContract(RoleContract):
    """Give ``tool`` a store in which names below ``contract/`` are free. A store without ``write`` overrides
    ``put``."""

    role = SecretStore
    behind: ClassVar[Any] = {
        "write": (lambda tool: tool.write("x", {}), lambda tool: tool.delete("x")),
        "lease": (lambda tool: tool.lease("x"),),
        "sign": (lambda tool: tool.sign("x", b""), lambda tool: tool.verify("x", b"", b"")),
        "dynamic": (lambda tool: tool.credentials("x"),),
        "rotate": (lambda tool: tool.rotate(),),
    }
    signing_key: ClassVar[str] = "contract"
    """A key that the store can sign with, for stores with ``sign``; empty skips the test."""
    credentials_role: ClassVar[str] = "contract"
    """A role that the store makes credentials for, for stores with ``dynamic``; empty skips the tests."""

    @pytest.fixture
    def put(self, tool: SecretStore) -> Callable[..., None]:
        """Puts a secret into the store: ``put(name, key=text, …)``."""

        def put(name: str, **values: str) -> None:
            tool.write(name, {key: Secret(value) for key, value in values.items()})

        return put

    def test_a_secret_is_read(self, tool: SecretStore, put: Callable[..., None]) -> None:
        put("contract/one", value="s3cr3t-ä")
        assert tool.read("contract/one").reveal_text() == "s3cr3t-ä"

    def test_a_secret_does_not_show(self, tool: SecretStore, put: Callable[..., None]) -> None:
        put("contract/one", value="s3cr3t-ä")
        secret = tool.read("contract/one")
        assert "s3cr3t" not in f"{secret} {secret!r} {secret:>20}"

    def test_keys_are_told_apart(self, tool: SecretStore, put: Callable[..., None]) -> None:
        put("contract/two", user="anna", pin="s3cr3t")
        assert tool.keys("contract/two") == ("pin", "user")
        assert tool.read("contract/two", "user").reveal_text() == "anna"
        assert tool.read("contract/two", "pin").reveal_text() == "s3cr3t"

    def test_what_is_missing_is_not_found(self, tool: SecretStore, put: Callable[..., None]) -> None:
        put("contract/two", user="anna")
        with pytest.raises(NotFound):
            tool.read("contract/none")
        with pytest.raises(NotFound):
            tool.keys("contract/none")
        with pytest.raises(NotFound):
            tool.read("contract/two", "none")

    def test_an_error_holds_no_secret(self, tool: SecretStore, put: Callable[..., None]) -> None:
        put("contract/two", user="s3cr3t")
        with pytest.raises(NotFound) as caught:
            tool.read("contract/two", "none")
        assert "s3cr3t" not in f"{caught.value} {caught.value.hint}"

    def test_names_are_listed_by_their_beginning(self, tool: SecretStore, put: Callable[..., None]) -> None:
        put("contract/b", value="1")
        put("contract/a/deep", value="2")
        assert tool.names("contract/") == ("contract/a/deep", "contract/b")
        assert tool.names("contract/a/") == ("contract/a/deep",)
        assert tool.names("contract/none") == ()

    def test_the_newest_value_counts(self, tool: SecretStore, needs: Needs) -> None:
        needs("write")
        tool.write("contract/new", {"value": Secret("old"), "gone": Secret("x")})
        tool.write("contract/new", {"value": Secret("new")})
        assert tool.read("contract/new").reveal_text() == "new"
        assert tool.keys("contract/new") == ("value",)

    def test_bytes_come_back_as_they_were(self, tool: SecretStore, needs: Needs) -> None:
        needs("write")
        value = bytes(range(256))
        tool.write("contract/bytes", {"value": Secret(value)})
        assert tool.read("contract/bytes").reveal() == value

    def test_a_deleted_secret_is_gone(self, tool: SecretStore, needs: Needs) -> None:
        needs("write")
        tool.write("contract/gone", {"value": Secret("x")})
        tool.delete("contract/gone")
        tool.delete("contract/gone")
        assert "contract/gone" not in tool.names("contract/")
        with pytest.raises(NotFound):
            tool.read("contract/gone")

    def test_a_lease_holds_the_values(
        self, tool: SecretStore, put: Callable[..., None], needs: Needs
    ) -> None:
        needs("lease")
        put("contract/leased", value="s3cr3t")
        lease = tool.lease("contract/leased", duration=60.0)
        assert lease.values["value"].reveal_text() == "s3cr3t"
        assert "s3cr3t" not in repr(lease)
        with pytest.raises(NotFound):
            tool.lease("contract/none")

    def test_a_lease_is_renewed_until_it_is_revoked(
        self, tool: SecretStore, put: Callable[..., None], needs: Needs
    ) -> None:
        needs("lease")
        put("contract/leased", value="s3cr3t")
        lease = tool.lease("contract/leased", duration=60.0)
        if lease.renewable:
            renewed = tool.renew(lease, duration=120.0)
            assert renewed.id == lease.id
            assert renewed.expires is None or lease.expires is None or renewed.expires > lease.expires
        tool.revoke(lease)
        tool.revoke(lease)
        with pytest.raises(NotFound):
            tool.renew(lease)

    def test_leases_need_something_that_is_leased(self, tool: SecretStore) -> None:
        if tool.capabilities & {"lease", "dynamic"}:
            own = type(tool)
            assert own.renew is not SecretStore.renew, "what is leased can be renewed"
            assert own.revoke is not SecretStore.revoke, "what is leased can be revoked"
            return
        for call in (tool.renew, tool.revoke):
            with pytest.raises(Unsupported, match="lease"):
                call(_ANY)

    def test_a_signature_fits_its_data_alone(self, tool: SecretStore, needs: Needs) -> None:
        needs("sign")
        _named("signing_key", self.signing_key)
        signature = tool.sign(self.signing_key, b"data")
        assert tool.verify(self.signing_key, b"data", signature)
        assert not tool.verify(self.signing_key, b"date", signature)
        assert not tool.verify(self.signing_key, b"data", b"no signature")

    def test_credentials_are_made_for_each_caller(self, tool: SecretStore, needs: Needs) -> None:
        needs("dynamic")
        _named("credentials_role", self.credentials_role)
        one, other = tool.credentials(self.credentials_role), tool.credentials(self.credentials_role)
        assert one.id != other.id
        assert one.values != other.values

    def test_credentials_are_renewed_until_they_are_revoked(self, tool: SecretStore, needs: Needs) -> None:
        needs("dynamic")
        _named("credentials_role", self.credentials_role)
        lease = tool.credentials(self.credentials_role)
        assert not any(
            value.reveal_text() in repr(lease) for value in lease.values.values() if value.reveal()
        )
        if lease.renewable:
            renewed = tool.renew(lease, duration=120.0)
            assert (renewed.id, renewed.values) == (lease.id, lease.values)
        tool.revoke(lease)
        tool.revoke(lease)
        with pytest.raises(NotFound):
            tool.renew(lease)

    def test_a_new_key_changes_no_value(
        self, tool: SecretStore, put: Callable[..., None], needs: Needs
    ) -> None:
        needs("rotate")
        put("contract/kept", value="s3cr3t")
        tool.rotate()
        assert tool.read("contract/kept").reveal_text() == "s3cr3t"


def _named(attribute: str, value: str) -> None:
    if not value:
        pytest.skip(f"{attribute} is not named")
