"""Apps of apps that lead back to themselves, by the places of the files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from holkas.gitops.repository_url import same_repository
from holkas.model.application import Application
from holkas.model.application_source import ApplicationSource
from holkas.model.finding import Finding, Severity

from holkas_compat.argocd.lint.codes import CYCLE
from holkas_compat.argocd.lint.overlap import application_files
from holkas_compat.argocd.lint.shelf import Shelf
from holkas_compat.argocd.unit import Unit


def check_cycles(shelf: Shelf) -> Iterator[tuple[Unit, Finding]]:
    """A finding for each application from which a way leads back to it.

    An application holds another when the other's file lies in the directory that it takes, both of one repository as
    far as the files tell: all sources of a way have the same address.
    """
    known = list(shelf.applications())
    if not known:
        return
    held = {index: _held(application, known) for index, (_, application) in enumerate(known)}
    for index, (unit, application) in enumerate(known):
        way = _way_back(index, held)
        if not way:
            continue
        names = " → ".join(known[step][1].name for step in (*way, index))
        alone = len(way) == 1
        message = "the application manages itself" if alone else f"applications manage each other: {names}"
        path = ("spec", "sources") if application.multiple else ("spec", "source", "path")
        severity = Severity.HABIT if alone else Severity.WARNING
        yield unit, unit.finding(CYCLE, message, path, severity=severity)


def _held(application: Application, known: Sequence[tuple[Unit, Application]]) -> list[int]:
    sources = application_files(application)
    return [
        index
        for index, (unit, other) in enumerate(known)
        if any(
            _contains(source, unit.document.source.name)
            and any(same_repository(source.repository, own.repository) for own in other.effective_sources)
            for source in sources
        )
    ]


def _contains(source: ApplicationSource, file: str) -> bool:
    options = source.directory or {}
    if options.get("include") or options.get("exclude"):
        return False
    wanted = [part for part in PurePosixPath(source.path).parts if part != "."]
    parts = [part for part in PurePosixPath(file).parent.parts if part not in (".", "/")]
    if not wanted:
        return False  # the whole repository: where it begins is not known here
    if parts[-len(wanted) :] == wanted:
        return True
    if not options.get("recurse"):
        return False
    size = len(wanted)
    return any(parts[start : start + size] == wanted for start in range(len(parts) - size + 1))


def _way_back(start: int, held: Mapping[int, Sequence[int]]) -> tuple[int, ...]:
    """The shortest way from an application back to it, without its end; empty where there is none."""
    ways: dict[int, tuple[int, ...]] = {start: (start,)}
    waiting = [start]
    for index in waiting:
        for following in held[index]:
            if following == start:
                return ways[index]
            if following not in ways:
                ways[following] = (*ways[index], following)
                waiting.append(following)
    return ()
