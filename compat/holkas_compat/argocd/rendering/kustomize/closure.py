"""What a kustomization reads: itself, its files, and the directories that it builds upon, each once.

Only this is copied for the build: so it is known what the outcome depends on, and nothing else can be read. What is
not in the source is refused here; kustomize would fetch it, or run it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from holkas_compat.argocd.rendering.failure import RenderFailure
from holkas_compat.argocd.rendering.inputs import TreeReader, inner_path
from holkas_compat.argocd.rendering.source_type import kustomization_at

MAX_DIRECTORIES = 500

_DIRECTORIES = ("resources", "bases", "components", "generators", "transformers", "validators")
_PATHS = ("crds", "configurations", "patchesStrategicMerge", "patches", "patchesJson6902", "replacements")
_REMOTE = re.compile(r"://|^git@|^[\w.-]+\.[a-z]{2,}/[^/]+/|\?ref=|^git::|^_git/")
_PROGRAMS = ("helmCharts", "helmChartInflationGenerator", "helmGlobals")


def read_closure(path: str, reader: TreeReader, edited: Mapping[str, Any] | None = None) -> dict[str, bytes]:
    """Path → content of everything that the kustomization at ``path`` reads. edited: what stands in its place.

    Raises RenderFailure R121 for what lies outside of the source, R122 for programs.
    """
    found: dict[str, bytes] = {}
    waiting = [path]
    seen: set[str] = set()
    while waiting:
        directory = waiting.pop()
        if directory in seen:
            continue
        seen.add(directory)
        if len(seen) > MAX_DIRECTORIES:
            raise RenderFailure(
                "R104", f"kustomization {path} builds upon more than {MAX_DIRECTORIES} others"
            )
        place = kustomization_at(directory, reader)
        if not place:
            raise RenderFailure("R121", f"{directory or '.'} holds no kustomization file")
        data = reader.read(place)
        value: Mapping[str, Any] = kustomization_of(place, data)
        found[place] = data
        if edited is not None and directory == path:
            value = edited
        for name in _named(value, place):
            where = inner_path(directory, name, f"{place}: path")
            if reader.is_file(where):
                found[where] = reader.read(where)
            elif reader.is_directory(where):
                waiting.append(where)
            elif _REMOTE.search(name):
                raise RenderFailure(
                    "R121",
                    f"{place} takes {name!r} from elsewhere, which is not fetched",
                    "a render is made of files at fixed revisions; vendor it, or make it a source of its own",
                )
            else:
                raise RenderFailure("R121", f"{place} names {name!r}, which does not exist")
    return found


def kustomization_of(place: str, data: bytes) -> dict[str, Any]:
    """A kustomization file's content. Raises RenderFailure R120."""
    from holkas.yaml import YamlError, load

    try:
        value = load(data, strict=False)
    except YamlError as error:
        raise RenderFailure("R120", f"{place}: {error.finding.message}") from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise RenderFailure("R120", f"{place} is no mapping")
    return value


def _named(value: Mapping[str, Any], place: str) -> Iterator[str]:
    """Every path that a kustomization names."""
    for key in _PROGRAMS:
        if value.get(key):
            raise RenderFailure(
                "R122",
                f"{place} uses {key}, which runs a program",
                "make the chart a source of the Application",
            )
    for key in _DIRECTORIES:
        yield from (text for text in _items(value, key) if not _is_inline(text))
    for key in _PATHS:
        for one in _items(value, key):
            text = one.get("path") if isinstance(one, Mapping) else one
            if isinstance(text, str) and not _is_inline(text):
                yield text
    openapi = value.get("openapi")
    if isinstance(openapi, Mapping) and isinstance(openapi.get("path"), str):
        yield openapi["path"]
    for key in ("configMapGenerator", "secretGenerator"):
        for one in _items(value, key):
            if isinstance(one, Mapping):
                yield from _of_generator(one)


def _of_generator(generator: Mapping[str, Any]) -> Iterator[str]:
    for text in _items(generator, "files"):
        if isinstance(text, str):
            yield text.partition("=")[2] or text
    for text in (*_items(generator, "envs"), generator.get("env")):
        if isinstance(text, str) and text:
            yield text


def _items(value: Mapping[str, Any], key: str) -> list[Any]:
    items = value.get(key)
    return items if isinstance(items, list) else []


def _is_inline(text: Any) -> bool:
    """Whether an entry is a manifest or a patch itself and no path."""
    return not isinstance(text, str) or "\n" in text or text.lstrip().startswith(("{", "[")) or ": " in text
