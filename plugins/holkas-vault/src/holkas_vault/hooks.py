"""What this plugin offers. Imported whenever holkas needs any plugin, so it imports nothing heavy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from holkas.plugins import Context, Provider, hookimpl

from holkas_vault.settings import OPTIONS

if TYPE_CHECKING:
    from holkas.roles.secret_store import SecretStore


def _make(context: Context) -> SecretStore:
    from holkas_vault.settings import settings_of
    from holkas_vault.store import VaultStore

    return VaultStore(settings_of(context))


@hookimpl
def holkas_secret_stores() -> Iterator[Provider[SecretStore]]:
    """Vault or OpenBao."""
    yield Provider(
        name="vault",
        summary="Secrets from HashiCorp Vault or OpenBao: key-value engines, made credentials, signatures.",
        make=_make,
        capabilities=frozenset({"write", "dynamic", "sign"}),
        options_schema=OPTIONS,
    )
