"""The one loop of GitOps over the environments of a project that are pulled: what ``holkas watch`` runs."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from holkas.delivery.definition import ProjectDefinition, Stage
from holkas.delivery_engine.pulled_feedback import PullFeedback
from holkas.delivery_engine.pulled_source import PulledSource, name
from holkas.delivery_engine.pulled_target import PulledTarget, release_health
from holkas.delivery_engine.toolbox import Toolbox
from holkas.reconciler.declared import Declarations
from holkas.reconciler.place import Place
from holkas.reconciler.reconciler import Pass, Reconciler
from holkas.reconciler.syncer import Listener
from holkas.reconciler.target_pool import TargetPool
from holkas.reconciler.unit import Tools
from holkas.state.ledger import Ledger

LINES = 20
"""Lines about an environment that go into a notice."""


class PullLoop(Reconciler):
    """The reconciler over ``stages``; after each pass it is judged how they stand, and people are told.

    told: hears what happens. line: what of it people read, by application, kind and particulars; empty for nothing.
    """

    def __init__(
        self,
        definition: ProjectDefinition,
        stages: Sequence[Stage],
        tools: Toolbox,
        ledger: Ledger,
        place: Place,
        *,
        told: Listener,
        line: Callable[[str, str, Mapping[str, Any]], str],
        stopping: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        lines: dict[str, deque[str]] = {}
        failures: dict[str, tuple[str, str]] = {}
        by_name = {name(definition, stage): stage for stage in stages}

        def hear(application: str, kind: str, data: Mapping[str, Any]) -> None:
            if text := line("", kind, data):
                lines.setdefault(application, deque(maxlen=LINES)).extend(text.splitlines())
            told(application, kind, data)

        source = PulledSource(definition, stages, tools.version_control(), hear)
        self._pool = TargetPool(
            lambda key: PulledTarget(definition, by_name[key], tools, place.state, source.files, failures)
        )
        self._feedback = PullFeedback(
            definition,
            tools,
            ledger,
            place.state,
            wanted=source.wanted,
            failures=failures,
            log=lambda application: tuple(lines.get(application, ())),
            warn=lambda text: told("", "warning", {"message": text}),
            clock=clock,
        )
        shared = Tools(
            place=place, ledger=ledger, clock=clock, told=hear, health=release_health, stopping=stopping
        )
        super().__init__(source.render, Declarations(source.read), self._pool, shared)

    def run_pass(self, *, whole: bool = False, render: bool = True) -> Pass:
        """One pass, and what is to be told of it."""
        done = super().run_pass(whole=whole, render=render)
        self._feedback.judge({key: unit.status for key, unit in self.units.items()})
        self._feedback.tell()
        return done

    def close(self) -> None:
        """Give back what the targets hold."""
        self._pool.close()
