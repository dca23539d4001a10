"""The loop over all applications: one pass renders what changed, compares what changed, and does what is to be done.

A pass at which nothing has changed asks the renderer and the targets whether something has, and looks at no application.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from typing import Any

from holkas.extensions.renderer import RenderedProject
from holkas.extensions.source_fetcher import SourceRefused
from holkas.extensions.target import Target
from holkas.gitops.status import SyncStatus
from holkas.model.health import HealthStatus
from holkas.model.resource import ResourceKey
from holkas.reconciler.declared import Declarations
from holkas.reconciler.kept_unit import kept_unit
from holkas.reconciler.leaving import Leaving
from holkas.reconciler.live_view import LiveView
from holkas.reconciler.managed import Managed
from holkas.reconciler.target_pool import TargetPool
from holkas.reconciler.unit import BUGS, Looked, Tools, Unit
from holkas.records import dataclass
from holkas.roles.errors import ToolError

Render = Callable[[RenderedProject | None], RenderedProject | None]
"""Renders everything; None where nothing has changed since the project that is given."""

_ROUNDS = 50
"""Applications that wait for each other in a row: so long a pass goes on with those that need not wait any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What a pass did. looked: applications that were looked at. due: when something is to be done without any change."""

    applications: int = 0
    rendered: bool = False
    looked: int = 0
    started: int = 0
    errors: int = 0
    due: float | None = None


class Reconciler:
    """Keeps applications in their desired state. One thread calls :meth:`run_pass`; ``workers`` does the looks."""

    def __init__(
        self,
        render: Render,
        declarations: Declarations,
        targets: TargetPool,
        tools: Tools,
        *,
        workers: Executor | None = None,
    ) -> None:
        self.units: dict[str, Unit] = {}
        self._render = render
        self._declarations = declarations
        self._targets = targets
        self._tools = tools
        self._workers = workers
        self._project: RenderedProject | None = None
        self._dirty: set[str] = set()
        self._unseen: set[str] = set()
        self._unmade = 0
        self._due: dict[str, float] = {}
        self._interest: dict[str, dict[ResourceKey, set[str]]] = {}
        self._dependants: dict[str, set[str]] = {}
        self._statuses: dict[str, tuple[SyncStatus, HealthStatus]] = {}
        self._leaving = Leaving(tools, targets, self.kept)
        self._seq = 0 if tools.ledger is None else tools.ledger.last_seq()

    @property
    def tools(self) -> Tools:
        """What all applications share."""
        return self._tools

    def view(self, place: str) -> LiveView:
        """What is live at a destination. Raises ToolError."""
        return self._targets.view(place)

    def targets(self) -> list[tuple[str, Target]]:
        """The targets that applications go to, by destination."""
        return [(place, view.target) for place, view in self._targets.views()]

    def kept(self, name: str) -> Unit | None:
        """An application as it was to be at its last sync, whether it is still declared or not; None where nothing is
        kept of it. Raises ToolError."""
        return kept_unit(name, self._declarations, self._targets, self._tools, self._leaving.going)

    @property
    def statuses(self) -> Mapping[str, tuple[SyncStatus, HealthStatus]]:
        """How every application stands that was looked at."""
        return self._statuses

    def run_pass(self, *, whole: bool = False, render: bool = True) -> Pass:
        """One pass. whole: look at every application and resource. render: False to look at the targets only."""
        rendered = self._take_declared(render=render)
        errors = self._take_records() + self._unmade
        errors += self._take_changes(whole)
        if whole:
            self._dirty.update(self.units)
        now = self._tools.clock()
        self._dirty.update(name for name, due in self._due.items() if due <= now)
        looked = started = 0
        for _ in range(_ROUNDS):
            names = [name for name in self.units if name in self._dirty and name not in self._unseen]
            self._dirty.clear()
            if not names:
                break
            looked += len(names)
            for found in self._look(names):
                started += found is not None and found.started
                errors += found is None
        errors += self._leaving.look(self.units, changed=bool(rendered or looked))
        dues = [*self._due.values(), *([] if self._leaving.due is None else [self._leaving.due])]
        return Pass(
            applications=len(self.units),
            rendered=rendered,
            looked=looked,
            started=started,
            errors=errors,
            due=min(dues, default=None),
        )

    def load(self) -> None:
        """Render everything and see what is live, without doing anything. Raises SourceRefused, ToolError."""
        project = self._render(self._project)
        if project is not None:
            self._take_project(project)
        for _, view in self._targets.views():
            view.refresh()

    # -- what has changed

    def _take_declared(self, *, render: bool) -> bool:
        """What is declared now, and what is not any more; whether there is anything new."""
        rendered = self._take_renders() if render or self._project is None else False
        if self._project is None:
            return rendered
        if self._unmade and not rendered:
            self._take_applications(self._declarations.managed(self._project))
        if rendered or not self._leaving.begun:
            self._leaving.declared(self._project)
        return rendered

    def _take_renders(self) -> bool:
        try:
            project = self._render(self._project)
        except (SourceRefused, ToolError) as error:
            self._tools.told("", "warning", {"message": str(error)})
            return False
        if project is None:
            return False
        self._take_project(project)
        return True

    def _take_project(self, project: RenderedProject) -> None:
        self._project = project
        self._targets.track(project.tracking)
        self._take_applications(self._declarations.managed(project))

    def _take_applications(self, found: Iterable[Managed]) -> None:
        units: dict[str, Unit] = {}
        self._unmade = 0
        for managed in found:
            unit = self.units.get(managed.name)
            if unit is None or unit.declared.place != managed.place:
                try:
                    view = self._targets.view(managed.place)
                    unit = Unit(managed, view, self._tools, self._leaving.going)
                except ToolError as error:
                    self._tools.told(managed.name, "warning", {"message": str(error)})
                    self._unmade += 1
                    continue
                self._dirty.add(managed.name)
            elif unit.declared is not managed:
                unit.declared = managed
                self._dirty.add(managed.name)
            units[managed.name] = unit
        for name in self.units.keys() - units.keys():
            self._due.pop(name, None)
            self._statuses.pop(name, None)
        self.units = units
        self._index()

    def _index(self) -> None:
        """Who is to be looked at when what changes."""
        self._interest = {}
        self._dependants = {}
        for unit in self.units.values():
            keys = self._interest.setdefault(unit.declared.place, {})
            for key in unit.declared.desired.keys:
                keys.setdefault(key, set()).add(unit.name)
            for other in unit.declared.depends_on:
                self._dependants.setdefault(other, set()).add(unit.name)

    def _take_records(self) -> int:
        """What other processes recorded: a sync by hand, a rollback, an end."""
        ledger = self._tools.ledger
        if ledger is None:
            return 0
        last = ledger.last_seq()
        if last == self._seq:
            return 0
        prefix = f"app/{self._tools.place.installation}/"
        for entry in ledger.read_all(after=self._seq):
            name = entry.stream.removeprefix(prefix)
            if entry.stream.startswith(prefix) and name in self.units:
                self.units[name].book.reload()
                self._dirty.add(name)
            self._seq = entry.seq
        return 0

    def _take_changes(self, whole: bool) -> int:
        """What is live; applications of targets that cannot be seen are Unknown and left alone until they can."""
        errors = 0
        before, self._unseen = self._unseen, set()
        for place, view in self._targets.views():
            try:
                refreshed = view.take(whole=whole)
            except ToolError as error:
                errors += 1
                for unit in self.units.values():
                    if unit.declared.place == place:
                        self._unseen.add(unit.name)
                        self._stands(unit.name, unit.unreachable(str(error)))
                continue
            self._dirty |= refreshed.owners & self.units.keys()
            interest = self._interest.get(place, {})
            for key in refreshed.changed:
                self._dirty |= interest.get(key, set())
        self._dirty |= (before - self._unseen) & self.units.keys()
        return errors

    # -- looking

    def _look(self, names: list[str]) -> list[Looked | None]:
        units = [self.units[name] for name in names]
        # Most have nothing to be done, and are not worth the way to another thread.
        quiet = {unit.name: looked for unit in units if (looked := self._quiet(unit)) is not None}
        busy = [unit for unit in units if unit.name not in quiet]
        several = self._workers is not None and len(busy) > 1
        done = self._workers.map(self._one, busy) if self._workers and several else map(self._one, busy)
        others = dict(zip((unit.name for unit in busy), done, strict=True))
        found = [quiet.get(unit.name) or others.get(unit.name) for unit in units]
        for unit, looked in zip(units, found, strict=True):
            if looked is None:
                self._due[unit.name] = self._tools.clock() + _AFTER_ERROR
                continue
            self._stands(unit.name, looked.status)
            if looked.due is None:
                self._due.pop(unit.name, None)
            else:
                self._due[unit.name] = looked.due
        return found

    def _quiet(self, unit: Unit) -> Looked | None:
        try:
            return unit.quiet()
        except BUGS:
            return None  # looked at again, where it is told

    def _one(self, unit: Unit) -> Looked | None:
        """One application; whatever goes wrong with it does not keep the others from being looked at."""
        try:
            return unit.look(self._statuses)
        except ToolError as error:
            self._tell(unit, str(error))
            unit.unreachable(str(error))
        except BUGS as error:
            # Told by its name, tried again later.
            self._tell(unit, f"{type(error).__name__}: {error}")
        return None

    def _tell(self, unit: Unit, message: str) -> None:
        self._tools.told(unit.name, "warning", {"message": message})

    def _stands(self, name: str, status: Any) -> None:
        now = (status.sync, status.health)
        if self._statuses.get(name) != now:
            self._statuses[name] = now
            self._dirty |= self._dependants.get(name, set()) & self.units.keys()


_AFTER_ERROR = 10.0
"""Seconds until an application is looked at again after something went wrong with it."""
