"""What this plugin offers. Imported whenever holkas needs any plugin, so it imports nothing heavy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from holkas.plugins import Context, Provider, hookimpl

if TYPE_CHECKING:
    from holkas.roles.secret_store import SecretStore

OPTIONS = {
    "type": "object",
    "properties": {"directory": {"type": "string", "description": "Where the secrets lie."}},
    "required": ["directory"],
    "additionalProperties": False,
}


def _make(context: Context) -> SecretStore:
    from holkas_NAME.store import DirectoryStore

    return DirectoryStore(context.project / context.options["directory"])


@hookimpl
def holkas_secret_stores() -> Iterator[Provider[SecretStore]]:
    """Secrets from a directory."""
    yield Provider(name="NAME", summary="Secrets from a directory.", make=_make, options_schema=OPTIONS)
