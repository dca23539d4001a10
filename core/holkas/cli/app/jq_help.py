"""What works out jq expressions that may take long, by the renderer that is installed; made when first needed."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any

from holkas.cli.app import App

if TYPE_CHECKING:
    from holkas.extensions.renderer import Renderer
    from holkas.gitops.diff import JqPlaces


class JqHelp:
    """Callable as :data:`holkas.gitops.diff.JqPlaces`. Safe for threads; :meth:`close` ends what it started."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._renderer: Renderer | None = None
        self._places: JqPlaces | None = None
        self._lock = Lock()

    def __call__(self, expression: str, manifest: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Raises IgnoreRuleError, also where no renderer can do it."""
        from holkas.cli.app.render import renderer_of
        from holkas.gitops.diff import IgnoreRuleError

        with self._lock:
            if self._renderer is None:
                self._renderer = renderer_of(self._app)
                self._places = self._renderer.jq_places()
        if self._places is None:
            raise IgnoreRuleError(f"the jq path expression {expression!r} does more than name a place")
        return self._places(expression, manifest)

    def close(self) -> None:
        """End what works them out."""
        with self._lock:
            if self._renderer is not None:
                self._renderer.close()
                self._renderer = self._places = None
