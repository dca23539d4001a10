"""Glue: the renderer of Argo CD's Applications, and the explanations of its codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from holkas.plugins import hookimpl
from holkas.plugins.provider import Context, Provider

if TYPE_CHECKING:
    from holkas.extensions.renderer import Renderer
    from holkas.model.code import CodeDoc

OPTIONS_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "config_management_plugins": {
            "type": "object",
            "description": "Commands that Applications may run as config management plugins, by the plugin's name.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}, "minItems": 1},
        },
        "impure": {
            "enum": ["refuse", "allow"],
            "description": "What to do with charts that give something else each time that they are rendered.",
        },
        "tracking": {
            "type": "object",
            "description": "How resources are marked as an Application's; by default as `argocd-cm` in the repository "
            "says.",
            "additionalProperties": False,
            "properties": {
                "method": {
                    "enum": ["annotation", "label", "annotation+label"],
                    "description": "As `application.resourceTrackingMethod`.",
                },
                "label": {
                    "type": "string",
                    "minLength": 1,
                    "description": "As `application.instanceLabelKey`.",
                },
                "installation": {"type": "string", "description": "As `installationID`."},
            },
        },
    },
}


def _make(context: Context) -> Renderer:
    from holkas_compat.argocd.rendering.renderer import ArgoRenderer

    return ArgoRenderer(context)


@hookimpl
def holkas_renderers() -> Iterator[Provider[Renderer]]:
    """Argo CD's Applications."""
    yield Provider(
        name="argocd",
        summary="Argo CD's Applications: directories, kustomize, helm, jsonnet and plugins.",
        make=_make,
        options_schema=OPTIONS_SCHEMA,
    )


@hookimpl
def holkas_codes() -> Mapping[str, CodeDoc]:
    """Codes of rendering."""
    from holkas_compat.argocd.rendering.codes import CODES

    return CODES
