"""The settings of the plugin: their schema, and what they are in an environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from holkas.plugins import Context
from holkas.records import dataclass
from holkas.roles.errors import ToolError


def _text(description: str) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "description": description}


OPTIONS: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "address": _text("URL of the server; $VAULT_ADDR or $BAO_ADDR without it."),
        "namespace": _text("Namespace of everything; $VAULT_NAMESPACE or $BAO_NAMESPACE without it."),
        "mount": _text("Where the key-value engine is mounted; secret without it."),
        "kv-version": {"enum": [1, 2], "description": "Of the engine; without it the server is asked."},
        "prefix": _text("Path inside the mount below which all names lie."),
        "auth": {"enum": ["token", "approle"], "description": "How to log in; token without it."},
        "auth-mount": _text("Where AppRole is mounted; approle without it."),
        "token-variable": _text(
            "Environment variable with the token; VAULT_TOKEN, then BAO_TOKEN without it."
        ),
        "token-file": _text("File with the token, read again when it ends; ~/.vault-token without it."),
        "role-id": _text("The AppRole's id, which is not secret."),
        "secret-id-variable": _text(
            "Environment variable with the AppRole's secret id; VAULT_SECRET_ID without it."
        ),
        "secret-id-file": _text("File with the AppRole's secret id, relative to the project."),
        "ca-file": _text("Certificates to trust in place of the system's (PEM); $VAULT_CACERT without it."),
        "client-cert": _text("Our own certificate, for servers that want one (PEM)."),
        "client-key": _text("The key of client-cert (PEM)."),
        "credentials": {
            "type": "object",
            "description": "Roles that credentials are made for: name to path (database/creds/app) and parameters.",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "required": ["path"],
                "properties": {"path": _text("Path of the engine."), "parameters": {"type": "object"}},
            },
        },
        "dynamic-mount": _text("Engine of roles that credentials does not name; database without it."),
        "transit-mount": _text("Engine that signs; transit without it."),
        "timeout": {
            "type": "number",
            "exclusiveMinimum": 0,
            "description": "Seconds for one answer; 30 without it.",
        },
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings with everything that the environment adds. Paths are absolute."""

    address: str
    namespace: str = ""
    mount: str = "secret"
    kv_version: int = 0
    prefix: str = ""
    auth: str = "token"
    auth_mount: str = "approle"
    token_variables: tuple[str, ...] = ("VAULT_TOKEN", "BAO_TOKEN")
    token_file: Path | None = None
    role_id: str = ""
    secret_id_variable: str = "VAULT_SECRET_ID"  # noqa: S105 - the name of a variable
    secret_id_file: Path | None = None
    ca_file: str = ""
    client_certificate: tuple[str, str] | None = None
    credentials: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    dynamic_mount: str = "database"
    transit_mount: str = "transit"
    timeout: float = 30.0


def settings_of(context: Context, environ: Mapping[str, str] = os.environ) -> Settings:
    """Raises ToolError for what the schema cannot see."""
    given = context.options
    address = given.get("address") or environ.get("VAULT_ADDR") or environ.get("BAO_ADDR") or ""
    if not address.startswith(("https://", "http://")):
        raise ToolError(
            f"{address!r} is no address of a Vault server"
            if address
            else "the address of the Vault server is missing",
            hint="set address of the plugin to https://HOST:8200",
        )
    auth = given.get("auth", "token")
    if auth == "approle" and not given.get("role-id"):
        raise ToolError("auth approle needs a role-id")
    if bool(given.get("client-cert")) != bool(given.get("client-key")):
        raise ToolError("client-cert and client-key belong together")

    def path(name: str, default: str = "") -> Path | None:
        text = given.get(name) or default
        return (context.project / _expanded(text, environ)).absolute() if text else None

    certificate, key = path("client-cert"), path("client-key")
    ca_file = str(path("ca-file") or environ.get("VAULT_CACERT") or environ.get("BAO_CACERT") or "")
    for file in filter(None, (ca_file, str(certificate or ""), str(key or ""))):
        if not Path(file).is_file():
            raise ToolError(f"{file} is not a file, and should hold a certificate or key")
    return Settings(
        address=address.rstrip("/"),
        namespace=given.get("namespace")
        or environ.get("VAULT_NAMESPACE")
        or environ.get("BAO_NAMESPACE")
        or "",
        mount=given.get("mount", "secret").strip("/"),
        kv_version=given.get("kv-version", 0),
        prefix=given.get("prefix", "").strip("/"),
        auth=auth,
        auth_mount=given.get("auth-mount", "approle").strip("/"),
        token_variables=(given["token-variable"],)
        if "token-variable" in given
        else ("VAULT_TOKEN", "BAO_TOKEN"),
        token_file=path("token-file", "" if "token-variable" in given else "~/.vault-token"),
        role_id=given.get("role-id", ""),
        secret_id_variable=given.get("secret-id-variable", "VAULT_SECRET_ID"),
        secret_id_file=path("secret-id-file"),
        ca_file=ca_file,
        client_certificate=(str(certificate), str(key)) if certificate else None,
        credentials=given.get("credentials", {}),
        dynamic_mount=given.get("dynamic-mount", "database").strip("/"),
        transit_mount=given.get("transit-mount", "transit").strip("/"),
        timeout=float(given.get("timeout", 30.0)),
    )


def _expanded(text: str, environ: Mapping[str, str]) -> Path:
    if text.startswith("~/") and environ.get("HOME"):
        return Path(environ["HOME"]) / text[2:]
    return Path(text)
