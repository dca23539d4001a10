"""What kind a source is: by its explicit block, else by what lies at its path; and overrides that lie there too.

Source: Argo CD, "Tool Detection"; reposerver/repository/repository.go (mergeSourceParameters, GetAppSourceType).
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Any

from .application_source import BLOCKS, ApplicationSourceSpec, source_spec
from .failure import RenderFailure
from .inputs import TreeReader

KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")


def source_type(source: ApplicationSourceSpec, path: str, reader: TreeReader) -> str:
    """``Helm``, ``Kustomize``, ``Directory`` or ``Plugin``. Raises RenderFailure R105 for two explicit blocks."""
    given = [name for block, name in BLOCKS.items() if block in source.options]
    if len(given) > 1:
        raise RenderFailure("R105", f"multiple application sources defined: {','.join(given)}")
    if given:
        return given[0]
    if source.chart or reader.is_file(posixpath.join(path, "Chart.yaml")):
        return "Helm"
    if kustomization_at(path, reader):
        return "Kustomize"
    return "Directory"


def kustomization_at(path: str, reader: TreeReader) -> str:
    """The path of a directory's kustomization file, empty where it has none."""
    for name in KUSTOMIZATIONS:
        if reader.is_file(posixpath.join(path, name)):
            return posixpath.join(path, name)
    return ""


def overridden(
    source: ApplicationSourceSpec, path: str, name: str, reader: TreeReader
) -> ApplicationSourceSpec:
    """The source with ``.argocd-source.yaml`` and ``.argocd-source-<application>.yaml`` merged into it.

    They change the options of tools alone: repository, path, chart and revision stay. Raises RenderFailure R106.
    """
    merged: dict[str, Any] = dict(source.options)
    found = False
    for file in (".argocd-source.yaml", f".argocd-source-{name}.yaml"):
        place = posixpath.join(path, file)
        if "/" in file or not reader.is_file(place):
            continue
        patch = _patch(place, reader)
        found = True
        merged = merge_patch(merged, {key: value for key, value in patch.items() if key in BLOCKS})
    if not found:
        return source
    made = source_spec({"repoURL": source.repository, **merged})
    return ApplicationSourceSpec(
        repository=source.repository,
        path=source.path,
        revision=source.revision,
        chart=source.chart,
        ref=source.ref,
        tag_prefix=source.tag_prefix,
        options=made.options,
    )


def _patch(place: str, reader: TreeReader) -> Mapping[str, Any]:
    from holkas.yaml import YamlError, load

    try:
        value = load(reader.read(place), strict=False)
    except YamlError as error:
        raise RenderFailure("R106", f"{place}: {error.finding.message}") from None
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise RenderFailure("R106", f"{place} is no mapping")
    return value


def merge_patch(value: Any, patch: Any) -> Any:
    """A JSON merge patch (RFC 7396)."""
    if not isinstance(patch, Mapping):
        return patch
    made = dict(value) if isinstance(value, Mapping) else {}
    for key, item in patch.items():
        if item is None:
            made.pop(key, None)
        else:
            made[key] = merge_patch(made.get(key), item)
    return made
