"""Glue: the resolvers that need no cluster."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from holkas.plugins import hookimpl
from holkas.plugins.provider import Context, Provider

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
CREDENTIALS = {
    "type": "array",
    "description": "Where a password or token is needed, and which environment variable holds it.",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["url", "variable"],
        "properties": {
            "url": {"type": "string", "description": "oci://HOST, or with the beginning of repositories."},
            "username": {"type": "string"},
            "variable": {"type": "string", "description": "Name of the environment variable."},
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


def _git(context: Context) -> Resolver:
    from holkas_builtin.resolvers.git import GitResolver

    return GitResolver(context)


def _http(context: Context) -> Resolver:
    from holkas_builtin.resolvers.http import HttpResolver

    return HttpResolver(context)


def _bundles(context: Context) -> Resolver:
    from holkas_builtin.resolvers.bundles import BundlesResolver

    return BundlesResolver(context)


def _hub(context: Context) -> Resolver:
    from holkas_builtin.resolvers.hub import HubResolver

    return HubResolver(context)


@hookimpl
def holkas_resolvers() -> Iterator[Provider[Resolver]]:
    """git, http, bundles and hub."""
    tool = {"type": "string", "description": "Name of the version control that fetches; git without it."}
    yield Provider(
        name="git",
        summary="A file of a git repository at a revision.",
        make=_git,
        options_schema=_schema(version_control=tool),
    )
    yield Provider(
        name="http", summary="A file behind a URL of http or https.", make=_http, options_schema=_schema()
    )
    yield Provider(
        name="bundles",
        summary="A layer of a Tekton bundle in a registry, by digest.",
        make=_bundles,
        options_schema=_schema(credentials=CREDENTIALS),
    )
    yield Provider(
        name="hub",
        summary="A package of Artifact Hub or of a Tekton Hub.",
        make=_hub,
        options_schema=_schema(
            artifact_hub={
                "type": "string",
                "description": "URL of the Artifact Hub; the public one without it.",
            },
            tekton_hub={"type": "string", "description": "URL of a Tekton Hub, for type: tekton."},
        ),
    )
