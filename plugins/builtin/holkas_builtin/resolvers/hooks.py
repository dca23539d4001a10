"""Glue: the resolvers that need no cluster."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from holkas.plugins import Provider, hookimpl, made_by

from holkas_builtin.credentials import credentials_schema

if TYPE_CHECKING:
    from holkas.extensions.resolver import Resolver

MIRRORS = {
    "type": "array",
    "description": "Where to ask instead: the longest url that an address begins with is replaced.",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["url", "to"],
        "properties": {
            "url": {"type": "string", "minLength": 1, "description": "What an address begins with."},
            "to": {"type": "string", "description": "What stands there instead."},
        },
    },
}


def _schema(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "mirrors": MIRRORS,
            **{key.replace("_hub", "-hub"): one for key, one in properties.items()},
        },
    }


@hookimpl
def holkas_resolvers() -> Iterator[Provider[Resolver]]:
    """git, http, bundles and hub."""
    tool = {"type": "string", "description": "Name of the version control that fetches; git without it."}
    yield Provider(
        name="git",
        summary="A file of a git repository at a revision.",
        make=made_by("holkas_builtin.resolvers.git:GitResolver"),
        options_schema=_schema(version_control=tool),
    )
    yield Provider(
        name="http",
        summary="A file behind a URL of http or https.",
        make=made_by("holkas_builtin.resolvers.http:HttpResolver"),
        options_schema=_schema(),
    )
    yield Provider(
        name="bundles",
        summary="A layer of a Tekton bundle in a registry, by digest.",
        make=made_by("holkas_builtin.resolvers.bundles:BundlesResolver"),
        options_schema=_schema(
            credentials=credentials_schema("oci://HOST, or with the beginning of repositories.")
        ),
    )
    yield Provider(
        name="hub",
        summary="A package of Artifact Hub or of a Tekton Hub.",
        make=made_by("holkas_builtin.resolvers.hub:HubResolver"),
        options_schema=_schema(
            artifact_hub={
                "type": "string",
                "description": "URL of the Artifact Hub; the public one without it.",
            },
            tekton_hub={"type": "string", "description": "URL of a Tekton Hub, for type: tekton."},
        ),
    )
