"""A chart with what it depends on: charts of the same repository are put where helm looks for them.

Source: Helm, "Chart Dependencies": ``file://`` names a path relative to the chart.
"""

from __future__ import annotations

import posixpath
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from holkas_compat.argocd.rendering.failure import RenderFailure
from holkas_compat.argocd.rendering.inputs import TreeReader, inner_path

MAX_DEPTH = 8


def complete_chart(path: str, reader: TreeReader, scratch: Path, *, without_schema: bool) -> Path:
    """The directory of a chart: where it lies, or a copy with its ``file://`` dependencies, or without its schema."""
    reader.below(path)
    local = _local_dependencies(path, reader)
    root = reader.root(path)
    if not local and not without_schema:
        return root / path
    return _copied(path, reader, scratch / "chart", without_schema, 0)


def _copied(path: str, reader: TreeReader, place: Path, without_schema: bool, depth: int) -> Path:
    if depth > MAX_DEPTH:
        raise RenderFailure("R116", f"charts depend on each other more than {MAX_DEPTH} levels deep")
    reader.below(path)
    ignored = shutil.ignore_patterns("values.schema.json") if without_schema else None
    shutil.copytree(reader.root(path) / path, place, symlinks=False, ignore=ignored, dirs_exist_ok=True)
    for name, where in _local_dependencies(path, reader).items():
        if not (place / "charts" / name).exists():
            _copied(where, reader, place / "charts" / name, without_schema, depth + 1)
    return place


def _local_dependencies(path: str, reader: TreeReader) -> dict[str, str]:
    """Name → path of the dependencies that a chart names by ``file://`` and that are not vendored."""
    from holkas.yaml import YamlError, load

    place = posixpath.join(path, "Chart.yaml")
    if not reader.is_file(place):
        return {}
    try:
        metadata = load(reader.read(place), strict=False)
    except YamlError as error:
        raise RenderFailure("R115", f"{place}: {error.finding.message}") from None
    listed: Any = metadata.get("dependencies") if isinstance(metadata, Mapping) else None
    found: dict[str, str] = {}
    for one in listed if isinstance(listed, list) else ():
        repository = str(one.get("repository") or "") if isinstance(one, Mapping) else ""
        name = str(one.get("name") or "") if isinstance(one, Mapping) else ""
        if not repository.startswith("file://") or not name or "/" in name or name in (".", ".."):
            continue
        if reader.below(posixpath.join(path, "charts", name)):
            continue
        where = inner_path(path, repository.removeprefix("file://"), "dependency")
        if reader.is_file(posixpath.join(where, "Chart.yaml")):
            found[name] = where
    return found
