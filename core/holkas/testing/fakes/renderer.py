"""A renderer whose Applications carry their resources themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, ClassVar

from holkas.extensions.renderer import RenderedApplication, Renderer, RenderOptions


class FakeRenderer(Renderer):
    """Renders ``kind: FakeApplication`` to its ``resources``; ``applications`` are those of the project."""

    name: ClassVar[str] = "fake"

    def __init__(self, applications: Sequence[Mapping[str, Any]] = ()) -> None:
        self.applications = list(applications)

    def recognises(self, manifest: Mapping[str, Any]) -> bool:
        return manifest.get("kind") == "FakeApplication"

    def render(
        self, manifests: Sequence[Mapping[str, Any]], options: RenderOptions
    ) -> Iterator[RenderedApplication]:
        from holkas.yaml import dump_all

        for manifest in manifests:
            text = dump_all(manifest.get("resources", ()))
            digest = sha256(text.encode()).hexdigest()
            name = manifest["metadata"]["name"]
            yield RenderedApplication(name=name, text=text, digest=digest, manifest=manifest)

    def render_project(self, options: RenderOptions) -> Iterable[RenderedApplication]:
        return self.render(self.applications, options)
