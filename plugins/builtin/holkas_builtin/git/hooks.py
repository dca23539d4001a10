"""Glue: git as version control."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from holkas.plugins import Provider, hookimpl, made_by

from holkas_builtin.credentials import credentials_schema

if TYPE_CHECKING:
    from holkas.roles.version_control import VersionControl

OPTIONS_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "protocols": {
            "type": "array",
            "items": {"enum": ["https", "http", "ssh", "git", "file"]},
            "description": "Transports that may be used; all but git without it.",
        },
        "timeout": {
            "type": "number",
            "exclusiveMinimum": 0,
            "description": "Seconds after which a git command is ended; 600 without it.",
        },
        "partial": {
            "type": "boolean",
            "description": "Whether new clones leave contents of files on a server that can do that, until they are "
            "wanted; yes without it.",
        },
        "name": {
            "type": "string",
            "description": "Name of the author of commits that nobody else is given for.",
        },
        "email": {"type": "string", "description": "Their address."},
        "credentials": credentials_schema("Scheme and host, and a path where only it is meant."),
    },
}


@hookimpl
def holkas_version_controls() -> Iterable[Provider[VersionControl]]:
    """git, of any server or path."""
    yield Provider(
        name="git",
        summary="Repositories of git, on a server or on this machine, through the program git.",
        make=made_by("holkas_builtin.git.version_control:Git"),
        capabilities=frozenset({"begin", "changed-paths", "tags", "webhooks", "code-owners"}),
        options_schema=OPTIONS_SCHEMA,
    )
