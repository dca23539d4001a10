"""The container images of a resource."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_POD_SPECS = (
    ("spec",),
    ("spec", "template", "spec"),
    ("spec", "jobTemplate", "spec", "template", "spec"),
)


def images_of(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Images of the containers of a pod, or of what makes pods, in order and each once (Argo CD, ``summary.images``)."""
    return tuple(dict.fromkeys(_images(manifest)))


def _images(manifest: Mapping[str, Any]) -> Iterator[str]:
    for path in _POD_SPECS:
        node: Any = manifest
        for name in path:
            node = node.get(name) if isinstance(node, Mapping) else None
        containers = node.get("containers") if isinstance(node, Mapping) else None
        for container in containers if isinstance(containers, list) else ():
            image = container.get("image") if isinstance(container, Mapping) else None
            if isinstance(image, str) and image:
                yield image
