"""What every command is given: the project, the state directory, the plugins, all made when first asked for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from holkas.records import dataclass

if TYPE_CHECKING:
    from holkas.config.config import Config
    from holkas.plugins.manager import PluginManager
    from holkas.state.store import Store


def find_project(start: Path) -> Path:
    """The nearest directory upwards with a holkas.yaml or a .git, else ``start`` itself."""
    from holkas.config.load import FILE

    for directory in (start, *start.parents):
        if (directory / FILE).is_file() or (directory / ".git").exists():
            return directory
    return start


@dataclass
class App:
    """One invocation of the command line. ``verbose`` counts ``-v``: 2 shows tracebacks; ``words``: what was typed."""

    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    directory: Path = field(default_factory=Path.cwd)
    verbose: int = 0
    overrides: Mapping[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()

    @cached_property
    def project(self) -> Path:
        """Root of the project."""
        return find_project(self.directory)

    @cached_property
    def config(self) -> Config:
        """The configuration of all layers. Raises ConfigError."""
        from holkas.config.load import load_config

        return load_config(self.directory, self.environ, self.overrides)

    @cached_property
    def state(self) -> Path:
        """Directory of the state store. Raises ConfigError, and StateUnusable where there is no place for one.

        Relative means to the file that says it, or to the working directory for a variable or a flag.
        """
        from holkas.state.place import state_directory

        origin = self.config.origin("state.directory")
        base = Path(origin.name).parent if origin.layer in ("user", "project") else self.directory
        return state_directory(self.config.text("state.directory"), base)

    @cached_property
    def store(self) -> Store:
        """The state store, made when missing."""
        from holkas.state.store import Store

        return Store(self.state)

    @cached_property
    def manager(self) -> PluginManager:
        """The plugins; nothing is imported before it is used.

        A broken holkas.yaml is told when a plugin's settings are wanted, so that ``explain`` and ``schema`` can help
        to mend it.
        """
        from holkas.config.errors import ConfigError
        from holkas.plugins.manager import PluginManager
        from holkas.state.place import state_directory

        try:
            state = self.state
        except ConfigError:
            state = state_directory(self.environ.get("HOLKAS_STATE_DIR", ""), self.directory)
        return PluginManager.for_project(
            self.project, self.environ, state, lambda hook, name: self.config.plugin_options(hook, name)
        )
