"""References that hold results of tasks: they can be followed only while the run goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from holkas.model.catalog import Catalog
from holkas.model.param import Param
from holkas.model.reference import Reference

from holkas_compat.tekton.remote.refusal import Refusal
from holkas_compat.tekton.remote.remote import Found, Remote


class LateDocuments(Mapping[str, Any]):
    """Documents by key. One that is not there is followed when its key is a reference through a resolver that has all
    its values; what cannot be followed is not there. Iterating shows what was there at first."""

    def __init__(self, known: Mapping[str, Any], follow: Follow) -> None:
        self._known = known
        self._follow = follow

    def __getitem__(self, key: str) -> Any:
        if key in self._known:
            return self._known[key]
        found = self._follow(key)
        if found is None:
            raise KeyError(key)
        return found.unit.noun

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


class LateNotes(Mapping[tuple[str, str], Any]):
    """What is known of documents, by kind and key; notes that are made later are seen too."""

    def __init__(self, known: Mapping[tuple[str, str], Any]) -> None:
        self.notes = dict(known)

    def __getitem__(self, key: tuple[str, str]) -> Any:
        return self.notes[key]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.notes)

    def __len__(self) -> int:
        return len(self.notes)


class Follow:
    """Follows references to one kind of document, and notes how that went."""

    def __init__(
        self, kind: str, remote: Remote, catalog: Catalog, sources: LateNotes, unresolved: LateNotes
    ) -> None:
        self._kind = kind
        self._remote = remote
        self._catalog = catalog
        self._sources = sources
        self._unresolved = unresolved

    def __call__(self, key: str) -> Found | None:
        """What a reference with this key means; None for names, open references and what cannot be followed."""
        if not key.startswith('["') or "$(" in key or (self._kind, key) in self._unresolved:
            return None
        try:
            found = self._remote.follow(self._kind, reference(key), self._catalog)
        except Refusal as refusal:
            self._unresolved.notes[self._kind, key] = str(refusal)
            return None
        self._sources.notes[self._kind, key] = found.source
        return found


def reference(key: str) -> Reference:
    """The reference through a resolver that has this key."""
    resolver, name, params = json.loads(key)
    return Reference(
        name=name, resolver=resolver, params=tuple(Param(name=one, value=value) for one, value in params)
    )


def late(catalog: Catalog, remote: Remote) -> Catalog:
    """The catalog, whose documents are also found elsewhere when somebody asks for them."""
    sources, unresolved = LateNotes(catalog.sources), LateNotes(catalog.unresolved)

    def documents(kind: str, known: Mapping[str, Any]) -> LateDocuments:
        return LateDocuments(known, Follow(kind, remote, catalog, sources, unresolved))

    return replace(
        catalog,
        tasks=documents("Task", catalog.tasks),
        pipelines=documents("Pipeline", catalog.pipelines),
        step_actions=documents("StepAction", catalog.step_actions),
        sources=sources,
        unresolved=unresolved,
    )
