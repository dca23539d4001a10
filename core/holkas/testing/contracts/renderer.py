"""The contract of renderers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

import pytest

from holkas.extensions.renderer import Renderer, RenderOptions

Manifest = Mapping[str, Any]


class RendererContract:
    """Give ``renderer`` one whose project declares the Application ``good`` alone, ``good`` its manifest, ``failing`` one
    that cannot be rendered (None where there is no such thing). ``again`` makes the renderer once more, as another
    command does."""

    @pytest.fixture
    def renderer(self) -> Renderer:
        """The renderer under test; override this."""
        raise NotImplementedError(f"{type(self).__name__} has to override the fixture 'renderer'")

    @pytest.fixture
    def again(self) -> Callable[[], Renderer] | None:
        """The same renderer, made anew."""
        return None

    @pytest.fixture
    def good(self) -> Manifest:
        """An Application that gives resources; override this."""
        raise NotImplementedError(f"{type(self).__name__} has to override the fixture 'good'")

    @pytest.fixture
    def failing(self) -> Manifest | None:
        """An Application that cannot be rendered."""
        return None

    def test_it_is_a_renderer_that_knows_its_own(self, renderer: Renderer, good: Manifest) -> None:
        assert isinstance(renderer, Renderer)
        assert renderer.name
        assert renderer.recognises(good)
        assert not renderer.recognises({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}})
        assert not renderer.recognises({})

    def test_an_application_gives_resources_and_their_digest(
        self, renderer: Renderer, good: Manifest
    ) -> None:
        (rendered,) = renderer.render([good], RenderOptions())
        assert not rendered.failed
        assert rendered.name == good["metadata"]["name"]
        assert rendered.digest == sha256(rendered.text.encode()).hexdigest()
        resources = rendered.resources()
        assert resources
        assert all(one.manifest.get("kind") for one in resources)

    def test_the_same_gives_the_same_bytes(
        self, renderer: Renderer, good: Manifest, again: Callable[[], Renderer] | None
    ) -> None:
        (first,) = renderer.render([good], RenderOptions())
        (second,) = renderer.render([good], RenderOptions())
        assert (first.text, first.digest) == (second.text, second.digest)
        if again is not None:
            other = again()
            try:
                assert [one.text for one in other.render([good], RenderOptions())] == [first.text]
            finally:
                other.close()

    def test_the_project_has_it_too(self, renderer: Renderer, good: Manifest) -> None:
        (rendered,) = renderer.render([good], RenderOptions())
        assert [(one.name, one.text) for one in renderer.render_project(RenderOptions())] == [
            (rendered.name, rendered.text)
        ]

    def test_what_is_declared_comes_with_it(self, renderer: Renderer, good: Manifest) -> None:
        found = renderer.render_declared(RenderOptions())
        assert found is not None
        assert [one.name for one in found.applications] == [good["metadata"]["name"]]
        again = renderer.render_declared(RenderOptions(), found)
        assert again is None or [one.text for one in again.applications] == [
            one.text for one in found.applications
        ]

    def test_a_failure_keeps_no_other_from_being_rendered(
        self, renderer: Renderer, good: Manifest, failing: Manifest | None
    ) -> None:
        if failing is None:
            pytest.skip("it has no Application that fails")
        wrong, right = renderer.render([failing, good], RenderOptions())
        assert (wrong.failed, wrong.text, right.failed) == (True, "", False)
        assert wrong.findings
        assert right.text
