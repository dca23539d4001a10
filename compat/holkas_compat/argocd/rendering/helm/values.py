"""The values that a chart gets: files, then ``values`` or ``valuesObject``, then parameters.

Source: Argo CD, "Helm" (values precedence); reposerver/repository (valueFileResolver): globs in lexical order, a file
that is also named itself stands where it is named, each file once.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from typing import Any

from holkas_compat.argocd.applicationset.globs import match_tree
from holkas_compat.argocd.rendering.environment import BuildEnvironment
from holkas_compat.argocd.rendering.failure import RenderFailure
from holkas_compat.argocd.rendering.inputs import TreeReader
from holkas_compat.argocd.rendering.references import Place, resolve

from .strvals import BadParameter, escaped, set_value


def helm_values(
    options: Mapping[str, Any],
    path: str,
    reader: TreeReader,
    references: Mapping[str, TreeReader],
    environment: BuildEnvironment,
    extra: Sequence[Mapping[str, Any]],
    parameters: Mapping[str, str],
) -> dict[str, Any]:
    """All values in one mapping. extra, parameters: from the command line. Raises RenderFailure."""
    values: dict[str, Any] = {}
    ignore = bool(options.get("ignoreMissingValueFiles"))
    named = [str(one) for one in options.get("valueFiles") or ()]
    for place in value_files(named, path, reader, references, environment, ignore_missing=ignore):
        values = merged(values, _load(place.reader.read(place.path), place.path))
    values = merged(values, _inline(options))
    for one in extra:
        values = merged(values, one)
    _parameters(values, options, path, reader, references, environment, parameters)
    return values


def value_files(
    named: Sequence[str],
    path: str,
    reader: TreeReader,
    references: Mapping[str, TreeReader],
    environment: BuildEnvironment,
    *,
    ignore_missing: bool,
) -> list[Place]:
    """The files in the order in which they are merged. Raises RenderFailure R111, R102."""
    resolved = [resolve(one, path, reader, references, environment, "value file") for one in named]
    explicit = {place for place in resolved if not is_glob(place.path)}
    found: list[Place] = []
    for name, place in zip(named, resolved, strict=True):
        if not is_glob(place.path):
            if not place.reader.is_file(place.path):
                if ignore_missing:
                    continue
                raise RenderFailure("R111", f"value file {name} does not exist")
            wanted = [place]
        else:
            wanted = [one for one in _expanded(place) if one not in explicit]
            if not wanted and not ignore_missing and not _expanded(place):
                raise RenderFailure("R111", f"values file glob {name!r} matched no files")
        found += [one for one in wanted if one not in found]
    return found


def _expanded(place: Place) -> list[Place]:
    fixed = place.path[: min(place.path.find(character) % (1 << 30) for character in "*?[")]
    base = posixpath.dirname(fixed)
    return [Place(place.reader, one) for one in place.reader.below(base) if match_tree(place.path, one)]


def is_glob(path: str) -> bool:
    """Whether a value file names several. Source: reposerver/repository (isGlobPath)."""
    return any(character in path for character in "*?[")


def _load(data: bytes, name: str) -> Mapping[str, Any]:
    from holkas.yaml import YamlError, load

    try:
        value = load(data, strict=False)
    except YamlError as error:
        raise RenderFailure("R111", f"{name}: {error.finding.message}") from None
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise RenderFailure("R111", f"{name} holds no mapping")
    return value


def _inline(options: Mapping[str, Any]) -> Mapping[str, Any]:
    """``valuesObject``, or else ``values``. Source: pkg/apis/application/v1alpha1 (ValuesYAML)."""
    given = options.get("valuesObject")
    if isinstance(given, Mapping):  # an empty one too
        return given
    text = options.get("values")
    return _load(text.encode(), "helm.values") if isinstance(text, str) and text else {}


def _parameters(
    values: dict[str, Any],
    options: Mapping[str, Any],
    path: str,
    reader: TreeReader,
    references: Mapping[str, TreeReader],
    environment: BuildEnvironment,
    given: Mapping[str, str],
) -> None:
    listed = [one for one in options.get("parameters") or () if isinstance(one, Mapping)]
    listed += [{"name": name, "value": value} for name, value in given.items()]
    try:
        for as_text in (False, True):
            for one in listed:
                if bool(one.get("forceString")) is as_text:
                    value = escaped(environment.expand(str(one.get("value", ""))))
                    set_value(values, f"{one.get('name', '')}={value}", as_text=as_text)
        for one in options.get("fileParameters") or ():
            place = resolve(str(one.get("path", "")), path, reader, references, environment, "file parameter")
            if not place.reader.is_file(place.path):
                raise RenderFailure(
                    "R111", f"file {one.get('path')} of parameter {one.get('name')} does not exist"
                )
            content = place.reader.read(place.path).decode("utf-8", "replace")
            set_value(values, str(one.get("name", "")), whole=content)
    except BadParameter as error:
        raise RenderFailure("R112", f"helm parameter: {error}") from None


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Mappings merged into each other, everything else replaced; null stays, since it takes a chart's default away."""
    made = dict(base)
    for key, value in over.items():
        there = made.get(key)
        if isinstance(value, Mapping) and isinstance(there, Mapping):
            made[key] = merged(there, value)
        else:
            made[key] = value
    return made
