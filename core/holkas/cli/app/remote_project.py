"""Applications of a repository elsewhere: fetched by the version control at every look, rendered from a directory."""

from __future__ import annotations

import os
import shutil
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from holkas.cli.app import App

if TYPE_CHECKING:
    from holkas.extensions.renderer import Renderer
    from holkas.roles.version_control import VersionControl

_NAME = 32
"""Digits of a directory's name."""


class RemoteProject:
    """The repository of ``app.repository``. Its ``holkas.yaml`` and plugins count for nothing: they are strangers'."""

    def __init__(self, app: App, url: str) -> None:
        self._app = app
        self._url = url
        self._root = app.state / "applications" / "checkouts" / sha256(url.encode()).hexdigest()[:_NAME]
        self._tool: VersionControl | None = None

    def fetch(self, ref: str) -> tuple[Path, str]:
        """The files of a ref as it is now, and the id of its revision. Raises ToolError."""
        revision = self._version_control().resolve(self._url, "" if ref == "HEAD" else ref)
        place = self._root / sha256(revision.id.encode()).hexdigest()[:_NAME]
        if not place.is_dir():
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            made = Path(tempfile.mkdtemp(prefix=".new-", dir=self._root))
            try:
                self._version_control().checkout(revision, made)
                os.replace(made, place)  # noqa: PTH105 - whole or not there
            except BaseException:
                shutil.rmtree(made, ignore_errors=True)
                raise
            for other in self._root.iterdir():
                if other != place:
                    shutil.rmtree(other, ignore_errors=True)
        return place, revision.id

    def renderer(self, place: Path) -> Renderer:
        """The renderer for these files, with the plugins and the settings of where we stand."""
        from holkas.cli.app.render import first_renderer
        from holkas.plugins.manager import PluginManager

        known = self._app.manager
        manager = PluginManager(
            known.entries,
            project=place,
            state=self._app.state,
            switches=known.switches,
            settings=lambda hook, name: self._app.config.plugin_options(hook, name),
        )
        return first_renderer(manager)

    def close(self) -> None:
        """Give the version control back."""
        if self._tool is not None:
            self._tool.close()

    def _version_control(self) -> VersionControl:
        if self._tool is None:
            name = self._app.config.text("tools.version-control")
            self._tool = self._app.manager.make("version_controls", name)
        assert self._tool is not None
        return self._tool
