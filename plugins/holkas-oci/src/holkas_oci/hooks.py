"""What this plugin offers. Imported whenever holkas needs any plugin, so it imports nothing heavy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from holkas.plugins import Provider, hookimpl, made_by

if TYPE_CHECKING:
    from holkas.roles.artifact_repository import ArtifactRepository

OPTIONS: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["registry"],
    "properties": {
        "registry": {
            "type": "string",
            "pattern": r"^([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(:[0-9]+)?(/[a-z0-9]+([._/-]+[a-z0-9]+)*)?$",
            "description": "Host, port and the path below which artifacts are kept: registry.example.org/team.",
        },
        "plain-http": {
            "type": "boolean",
            "description": "Without TLS; true without it for 127.0.0.1, localhost and [::1] alone.",
        },
        "ca-file": {
            "type": "string",
            "minLength": 1,
            "description": "Certificates to trust in place of the system's (PEM), relative to the project.",
        },
        "username": {
            "type": "string",
            "description": "Who logs in; without it the login of docker or podman is used, if there is one.",
        },
        "password-variable": {
            "type": "string",
            "minLength": 1,
            "description": "Environment variable with the password or token.",
        },
        "password-file": {
            "type": "string",
            "minLength": 1,
            "description": "File with the password or token, relative to the project.",
        },
        "credentials-file": {
            "type": "string",
            "minLength": 1,
            "description": "A file as docker login writes it; $REGISTRY_AUTH_FILE and ~/.docker/config.json "
            "without it.",
        },
        "chunk-size": {
            "type": "integer",
            "minimum": 65536,
            "description": "Bytes that one request carries at most; 16777216 without it.",
        },
        "timeout": {
            "type": "number",
            "exclusiveMinimum": 0,
            "description": "Seconds without a byte from the registry; 60 without it.",
        },
    },
}


@hookimpl
def holkas_artifact_repositories() -> Iterator[Provider[ArtifactRepository]]:
    """An OCI registry."""
    yield Provider(
        name="oci",
        summary="Artifacts in an OCI registry, each a manifest with its provenance and SBOM beside it.",
        make=made_by("holkas_oci.making:made"),
        capabilities=frozenset({"tag", "delete", "referrers"}),
        options_schema=OPTIONS,
    )
