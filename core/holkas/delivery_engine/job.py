"""What every act of a delivery works with."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from holkas.delivery.definition import ProjectDefinition
from holkas.delivery.delivery_state import DeliveryState
from holkas.delivery.variables import revision_variables
from holkas.delivery_engine.places import DeliveryPlace
from holkas.delivery_engine.recorder import Recorder
from holkas.delivery_engine.retrying import T, retried
from holkas.delivery_engine.toolbox import Toolbox
from holkas.model.run_event import RunEvent


class Refused(Exception):
    """What is to be deployed is not what was built. The text is a sentence for people."""


def _ignore(event: RunEvent) -> None:
    """Nobody watches."""


class Job:
    """One delivery on its way: its definition, tools, records and directory.

    built_here: artifact → path, where this process has built, so that nobody touched the outcome since.
    fetched: digest → content. verified: those digests that no foreign program can have touched since.
    """

    def __init__(
        self,
        definition: ProjectDefinition,
        tools: Toolbox,
        recorder: Recorder,
        state_directory: Path,
        *,
        follow: Callable[[RunEvent], None] = _ignore,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.definition = definition
        self.tools = tools
        self.recorder = recorder
        self.state_directory = state_directory
        self.follow = follow
        self.built_here: dict[str, Path] = {}
        self.fetched: dict[str, Path] = {}
        self.verified: set[str] = set()
        self.place = DeliveryPlace(state_directory, definition.name, recorder.state.number)
        self._sleep = sleep

    @property
    def state(self) -> DeliveryState:
        """What is known of the delivery now."""
        return self.recorder.state

    @cached_property
    def tree(self) -> Path:
        """The sources as they are in version control."""
        control = self.tools.version_control()
        return self.retried(lambda: self.place.tree(control, self.state.revision))

    @property
    def sources(self) -> Path:
        """The sources with what the pipeline made of them."""
        return self.place.workspace if self.definition.pipeline else self.tree

    def variables(self, environment: str = "") -> dict[str, str]:
        """The values of the variables, as far as they are known now."""
        state = self.state
        found = revision_variables(self.definition.name, state.number, state.revision)
        if environment:
            found["environment"] = environment
        for name, value in state.results.items():
            found[f"results.{name}"] = value if isinstance(value, str) else str(value)
        for artifact in state.artifacts:
            found[f"artifacts.{artifact.name}.version"] = artifact.version
            found[f"artifacts.{artifact.name}.digest"] = artifact.digest
        return found

    def retried(self, call: Callable[[], T]) -> T:
        """A call of a tool, again where the tool says so."""
        return retried(call, sleep=self._sleep)
