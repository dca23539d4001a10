"""Applications that are no longer declared: whether their resources go with them, and when.

An application that stands in a file of the project is never deleted because the file is gone: a branch that is looked at
by mistake must not cost anything. One that another application brought along goes when that one's sync has pruned it,
one of an ApplicationSet when the set no longer gives it. Their resources go too where the application has Argo CD's
resources finalizer. Source: Argo CD, "App Deletion", "Application Pruning & Resource Deletion".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from holkas.extensions.renderer import RenderedProject
from holkas.gitops.application_name import instance_name
from holkas.model.resource import ResourceKey
from holkas.model.sync import OperationPhase
from holkas.reconciler import projection as on
from holkas.reconciler.book import stream_of, view_of
from holkas.reconciler.managed import DEFAULT_NAMESPACE
from holkas.reconciler.permission import Live
from holkas.reconciler.syncer import Gone, Standing
from holkas.reconciler.target_pool import TargetPool
from holkas.reconciler.unit import BUGS, LOCKED_AGAIN, Tools, Unit
from holkas.roles.errors import ToolError

Kept = Callable[[str], Unit | None]
"""An application as it was at its last sync, by its name for labels; None where nothing is kept of it."""

_AFTER_ERROR = 10.0
"""Seconds until it is tried again where something went wrong."""


class Leaving:
    """The applications of one installation that are on their way out. One thread at a time."""

    def __init__(self, tools: Tools, targets: TargetPool, kept: Kept) -> None:
        self._tools = tools
        self._targets = targets
        self._kept = kept
        self._sets: frozenset[str] = frozenset()
        self._known: set[str] | None = None
        self._settled: set[str] = set()
        self._units: dict[str, Unit | None] = {}  # None until its target is there
        self._due: dict[str, float] = {}

    @property
    def begun(self) -> bool:
        """Whether it was ever said what is declared."""
        return self._known is not None

    @property
    def due(self) -> float | None:
        """When the next one is worth a look."""
        return min(self._due.values(), default=None)

    def declared(self, project: RenderedProject) -> None:
        """Take in which applications are declared now. Those that are not any more are told.

        One that is declared and cannot be rendered, read or brought to its target is declared all the same.
        """
        self._sets = project.pruning_sets
        now = {instance_name(one.name, one.namespace, DEFAULT_NAMESPACE) for one in project.applications}
        first = self._known is None
        known = self._recorded() if self._known is None else self._known
        for name in sorted(known - now - self._settled - self._units.keys()):
            self._take(name, told=not first)
        for name in self._units.keys() & now:  # it is back: whoever keeps it goes on with what was begun
            self._forget(name)
        self._settled -= now
        self._known = now | set(self._units) | self._settled

    def _recorded(self) -> set[str]:
        """Applications of earlier lives that may be on their way out."""
        if self._tools.ledger is None:
            return set()
        prefix = stream_of(self._tools.place.installation, "")
        views = self._tools.ledger.views(prefix)
        return {key.removeprefix(prefix) for key, view in views if _may_go(view)}

    def _take(self, name: str, *, told: bool) -> None:
        ledger, installation = self._tools.ledger, self._tools.place.installation
        view = view_of(ledger, installation, name) if ledger is not None else on.empty(name)
        if _may_go(view):
            self._due[name] = 0.0
            self._units[name] = None
            with suppress(ToolError):
                self._units[name] = self._kept(name)
        else:
            self._settled.add(name)
        if told:
            parent = (view.get("declared") or {}).get("parent", "") if _may_go(view) else ""
            self._tools.told(name, "gone", {"parent": parent})

    def _forget(self, name: str) -> None:
        del self._units[name]
        self._due.pop(name, None)

    def look(self, units: Mapping[str, Unit], *, changed: bool) -> int:
        """Go on with those that may go; how many could not be looked at.

        changed: whether something was declared, synced or live since the last look that may let others go.
        """
        errors = 0
        due = self.due
        if not changed and (due is None or due > self._tools.clock()):
            return 0
        for name in list(self._units):  # what one of them does may let another one go
            try:
                self._one(name, units)
            except (ToolError, *BUGS) as error:
                errors += 1
                kind = "" if isinstance(error, ToolError) else f"{type(error).__name__}: "
                self._tools.told(name, "warning", {"message": f"{kind}{error}"})
                self._due[name] = self._tools.clock() + _AFTER_ERROR
        return errors

    def _one(self, name: str, units: Mapping[str, Unit]) -> None:
        unit = self._units[name] = self._units[name] or self._kept(name)
        self._due.pop(name, None)
        if unit is None:  # it was never synced, so nothing is there
            self._done(name)
            return
        unit.book.reload()
        operation = unit.book.operation
        if operation is not None:
            if not operation.delete and not unit.book.terminating:
                unit.book.terminate()
            self._went(name, unit.go_on(), delete=operation.delete)
        elif not _may_go(unit.book.view):
            self._done(name)
        elif self._is_let_go(unit, units):
            self._went(name, unit.begin(unit.deletion()), delete=True)

    def _went(self, name: str, gone: Gone | None, *, delete: bool) -> None:
        now = self._tools.clock()
        if gone is None:
            self._due[name] = now + LOCKED_AGAIN
        elif gone.standing is Standing.WAITING:
            self._due[name] = gone.due if gone.due is not None else now + LOCKED_AGAIN
        elif not delete:
            self._due[name] = now  # what was going on has ended, and now it can go
        elif gone.phase is OperationPhase.SUCCEEDED:
            self._done(name)
        # One that failed is tried again when something changes, or by `app delete`.

    def _done(self, name: str) -> None:
        self._forget(name)
        self._settled.add(name)

    # -- who lets it go, and waits for it

    def going(self, parent: str) -> Live:
        """Applications that this one brought along and let go, until nothing is left of them: as resources that are being
        deleted, so that a wave of the parent's is over when they are."""
        units = [unit for unit in self._units.values() if unit is not None]
        return {
            unit.declared.itself: _going(unit.declared.manifest)
            for unit in units
            if _instance(unit.declared.parent) == parent
        }

    def _is_let_go(self, unit: Unit, units: Mapping[str, Unit]) -> bool:
        kind, _, parent = str(unit.book.view["declared"]["parent"]).partition("/")
        if kind == "ApplicationSet":
            return f"{kind}/{parent}" in self._sets
        return self._has_pruned(_instance(f"{kind}/{parent}"), unit.declared.itself, units)

    def _has_pruned(self, parent: str, key: ResourceKey, units: Mapping[str, Unit]) -> bool:
        """Whether the parent is or was synced to a state without the application, or goes itself, and took it along."""
        unit = units.get(parent)
        if unit is not None:
            return _leads_on(unit) and unit.view.get(key) is None
        leaving = self._units.get(parent)
        if leaving is not None:
            operation = leaving.book.operation
            return operation is not None and operation.delete and leaving.view.get(key) is None
        ledger = self._tools.ledger
        view = view_of(ledger, self._tools.place.installation, parent) if ledger is not None else {}
        form = view.get("last")
        if not form or not form.get("deleted") or form["phase"] != OperationPhase.SUCCEEDED:
            return False
        seen = self._targets.view(form["place"])
        seen.refresh()
        return seen.get(key) is None


def _leads_on(parent: Unit) -> bool:
    """Whether a parent goes, or its newest state is synced or being synced."""
    desired, last, operation = parent.declared.desired, parent.book.last, parent.book.operation
    if desired.conditions:
        return False
    if operation is not None:
        return operation.delete or operation.source == desired.source
    return last is not None and last.phase is OperationPhase.SUCCEEDED and last.source == desired.source


def _instance(parent: str) -> str:
    """The name for labels of the Application that brings another one along; empty for a set."""
    kind, _, rest = parent.partition("/")
    namespace, _, name = rest.partition("/")
    return instance_name(name, namespace, DEFAULT_NAMESPACE) if kind == "Application" else ""


def _going(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    metadata = manifest.get("metadata")
    fields = metadata if isinstance(metadata, Mapping) else {}
    return {**manifest, "metadata": {**fields, "deletionTimestamp": "1970-01-01T00:00:00Z"}}


def _may_go(view: Mapping[str, Any]) -> bool:
    """Whether an application that is no longer declared may take its resources along."""
    operation, declared = view.get("operation"), view.get("declared")
    if operation is not None and operation["delete"]:
        return True
    return bool(declared and declared["cascade"] and declared["parent"])
