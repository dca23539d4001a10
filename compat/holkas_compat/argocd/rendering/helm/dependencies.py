"""A chart with what it depends on: charts that are not vendored are put where helm looks for them.

Source: Helm, "Chart Dependencies": ``file://`` names a path relative to the chart; ``Chart.lock`` fixes versions.
"""

from __future__ import annotations

import posixpath
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from holkas.records import dataclass

from holkas_compat.argocd.rendering.application_source import ApplicationSourceSpec
from holkas_compat.argocd.rendering.failure import RenderFailure
from holkas_compat.argocd.rendering.inputs import TreeReader, inner_path
from holkas_compat.argocd.rendering.sources import Sources

MAX_DEPTH = 8

_EXACT = re.compile(r"v?\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]*)?")
_REMOTE = ("https://", "http://", "oci://")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """A chart that another one names and that is not in its ``charts``. version: exact, or as it is declared."""

    name: str
    repository: str
    version: str


def complete_chart(
    path: str, reader: TreeReader, sources: Sources, scratch: Path, *, without_schema: bool
) -> Path:
    """The directory of a chart: where it lies, or a copy with its dependencies, or without its schema.

    Raises RenderFailure R102, R115, R116, R140.
    """
    reader.below(path)
    if not _absent(path, reader) and not without_schema:
        return reader.root(path) / path
    return _copied(path, reader, sources, scratch / "chart", without_schema, 0)


def _copied(
    path: str, reader: TreeReader, sources: Sources, place: Path, without_schema: bool, depth: int
) -> Path:
    if depth > MAX_DEPTH:
        raise RenderFailure("R116", f"charts depend on each other more than {MAX_DEPTH} levels deep")
    reader.below(path)
    ignored = shutil.ignore_patterns("values.schema.json") if without_schema else None
    shutil.copytree(reader.root(path) / path, place, symlinks=False, ignore=ignored, dirs_exist_ok=True)
    for one in _absent(path, reader):
        inside = place / "charts" / one.name
        if one.repository.startswith("file://"):
            where = inner_path(path, one.repository.removeprefix("file://"), "dependency")
            if reader.is_file(posixpath.join(where, "Chart.yaml")):
                _copied(where, reader, sources, inside, without_schema, depth + 1)
        elif one.repository.startswith(_REMOTE) and _EXACT.fullmatch(one.version):
            spec = ApplicationSourceSpec(repository=one.repository, revision=one.version, chart=one.name)
            chart = TreeReader(sources.open(sources.request(spec, "")))
            _copied("", chart, sources, inside, without_schema, depth + 1)
    return place


def _absent(path: str, reader: TreeReader) -> list[Dependency]:
    """The dependencies of a chart that are not in its ``charts``."""
    locked = {name: version for name, (_, version) in _listed(path, "Chart.lock", reader).items()}
    found: list[Dependency] = []
    for name, (repository, version) in _listed(path, "Chart.yaml", reader).items():
        vendored = posixpath.join(path, "charts", name)
        if "/" in name or name in ("", ".", "..") or reader.below(vendored):
            continue
        archives = reader.below(posixpath.join(path, "charts"))
        if not any(one.startswith(vendored + "-") and one.endswith(".tgz") for one in archives):
            found.append(Dependency(name=name, repository=repository, version=locked.get(name, version)))
    return found


def _listed(path: str, file: str, reader: TreeReader) -> dict[str, tuple[str, str]]:
    """Name → repository and version of what stands in ``Chart.yaml`` or ``Chart.lock``."""
    from holkas.yaml import YamlError, load

    place = posixpath.join(path, file)
    if not reader.is_file(place):
        return {}
    try:
        metadata = load(reader.read(place), strict=False)
    except YamlError as error:
        raise RenderFailure("R115", f"{place}: {error.finding.message}") from None
    listed: Any = metadata.get("dependencies") if isinstance(metadata, Mapping) else None
    return {
        str(one.get("name") or ""): (str(one.get("repository") or ""), str(one.get("version") or ""))
        for one in (listed if isinstance(listed, list) else ())
        if isinstance(one, Mapping)
    }
