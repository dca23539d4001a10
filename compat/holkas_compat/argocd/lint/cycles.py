"""Apps of apps that lead back to themselves, by the places of the files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from holkas.gitops.repository_url import normalize_repository
from holkas.model.application import Application
from holkas.model.finding import Finding, Severity

from holkas_compat.argocd.lint.codes import CYCLE
from holkas_compat.argocd.lint.overlap import application_files
from holkas_compat.argocd.lint.shelf import Shelf
from holkas_compat.argocd.unit import Unit

_Files = Mapping[str, Sequence[tuple[tuple[str, ...], Sequence[int]]]]
"""Directories with the applications whose files lie there, by each part of the directory's path."""


def check_cycles(shelf: Shelf) -> Iterator[tuple[Unit, Finding]]:
    """A finding for each application from which a way leads back to it.

    An application holds another when the other's file lies in the directory that it takes, both of one repository as
    far as the files tell: all sources of a way have the same address.
    """
    known = list(shelf.applications())
    files = _directories([unit.document.source.name for unit, _ in known])
    repositories = [
        {normalize_repository(source.repository) for source in application.effective_sources}
        for _, application in known
    ]
    held = {index: _held(application, files, repositories) for index, (_, application) in enumerate(known)}
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


def _directories(names: Sequence[str]) -> _Files:
    found: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, name in enumerate(names):
        found[_parts(str(PurePosixPath(name).parent))].append(index)
    by_part: defaultdict[str, list[tuple[tuple[str, ...], list[int]]]] = defaultdict(list)
    for parts, indexes in found.items():
        for part in set(parts):
            by_part[part].append((parts, indexes))
    return by_part


def _held(application: Application, files: _Files, repositories: Sequence[set[str]]) -> list[int]:
    """The applications whose files an application takes."""
    found: list[int] = []
    for source in application_files(application):
        options, wanted = source.directory or {}, _parts(source.path)
        if not wanted or options.get("include") or options.get("exclude"):
            continue  # of the whole repository nobody knows here where it begins
        address = normalize_repository(source.repository)
        for parts, indexes in files.get(wanted[-1], ()):
            if _contains(wanted, parts, deep=bool(options.get("recurse"))):
                found += [index for index in indexes if address in repositories[index]]
    return found


def _contains(wanted: tuple[str, ...], parts: tuple[str, ...], *, deep: bool) -> bool:
    size = len(wanted)
    if not deep:
        return parts[-size:] == wanted
    return any(parts[start : start + size] == wanted for start in range(len(parts) - size + 1))


def _parts(path: str) -> tuple[str, ...]:
    return tuple(part for part in PurePosixPath(path).parts if part not in (".", "/"))


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
