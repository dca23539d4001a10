"""The pytest plugin for authors of plugins, loaded by pytest wherever holkas is installed.

Fixtures: ``holkas_context`` (what a provider is made with), ``holkas_plugins`` (a manager with exactly the
hooks modules that a test gives it, so that nothing else that is installed matters). It imports nothing
before a test asks.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from holkas.plugins.manager import PluginManager
    from holkas.plugins.provider import Context

# So that a contract that does not hold shows the values, as a test of the author's own does.
pytest.register_assert_rewrite("holkas.testing.contracts")


@pytest.fixture
def holkas_context(tmp_path: Path) -> Context:
    """A context without options, with a project and a state directory of the test's own."""
    from holkas.plugins.provider import Context

    project, state = tmp_path / "project", tmp_path / "state"
    project.mkdir()
    state.mkdir()
    return Context(project=project, state=state)


@pytest.fixture
def holkas_plugins(holkas_context: Context) -> Callable[..., PluginManager]:
    """Makes a manager of hooks modules: ``holkas_plugins(my_hooks, theirs=their_hooks)``.

    A module goes by its keyword, or by its own name; its distribution is ``test-NAME``.
    """
    from holkas.plugins.inventory import Entry
    from holkas.plugins.manager import PluginManager

    def plugins(*modules: object, **named: object) -> PluginManager:
        given = {getattr(module, "__name__", type(module).__name__): module for module in modules} | named
        return PluginManager(
            tuple,
            project=holkas_context.project,
            state=holkas_context.state,
            given={
                Entry(name=name, module=name, distribution=f"test-{name}", version="1"): module
                for name, module in given.items()
            },
        )

    return plugins
