"""Glue: an encrypted file as secret store."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from holkas.plugins import Provider, hookimpl, made_by

if TYPE_CHECKING:
    from holkas.roles.secret_store import SecretStore

OPTIONS_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "file": {
            "type": "string",
            "minLength": 1,
            "description": "The encrypted file, relative to the project; below the state without it.",
        },
        "key-file": {
            "type": "string",
            "minLength": 1,
            "description": "Where its key lies, relative to the project; holkas/secretfile.key in the user's "
            "configuration directory without it.",
        },
    },
}


@hookimpl
def holkas_secret_stores() -> Iterable[Provider[SecretStore]]:
    """An encrypted file."""
    yield Provider(
        name="secretfile",
        summary="Secrets in one encrypted file; its key lies in a file of its own or in HOLKAS_SECRETFILE_KEY.",
        make=made_by("holkas_builtin.secretfile.store:SecretFile"),
        capabilities=frozenset({"write", "rotate"}),
        options_schema=OPTIONS_SCHEMA,
    )
