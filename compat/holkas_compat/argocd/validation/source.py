"""Sources (util/argo, ``validateSourcePermissions`` and ``GetRefSources``; reposerver/repository)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from holkas_compat.argocd.reader.source import read_source
from holkas_compat.argocd.validation.codes import (
    BAD_REF,
    BAD_REPLICAS,
    BAD_VALUES,
    CHART_REVISION,
    SEVERAL_RENDERERS,
    SOURCE_INCOMPLETE,
    TWO_VALUES,
    UNKNOWN_REF,
)
from holkas_compat.argocd.validation.scope import Scope
from holkas_compat.manifest.shape import record, records, text, texts
from holkas_compat.manifest.suggest import did_you_mean

_REF = re.compile(r"[a-zA-Z0-9_-]+\Z")


def check_source(source: Mapping[str, Any], scope: Scope, *, multiple: bool) -> None:
    """One source of an Application. multiple: it stands in ``sources``, where a ``ref`` alone is enough."""
    chart, ref = text(source.get("chart")), text(source.get("ref"))
    content = text(source.get("path")) or chart or (ref if multiple else "")
    if not text(source.get("repoURL")) or not content:
        if multiple:
            message = "repoURL and either path, chart, or ref are required"
        else:
            message = "spec.source.repoURL and either spec.source.path or spec.source.chart are required"
        scope.error(SOURCE_INCOMPLETE, f"InvalidSpecError: {message}")
    elif chart and not text(source.get("targetRevision")):
        message = "spec.source.targetRevision is required if the manifest source is a helm chart"
        scope.error(CHART_REVISION, f"InvalidSpecError: {message}", "chart")
    if multiple and chart and ref:
        scope.error(BAD_REF, "a source with a chart cannot be referred to: ref takes a git repository", "ref")
    check_renderers(source, scope)


def check_renderers(source: Mapping[str, Any], scope: Scope) -> None:
    """The options of a source, or of a hydrator's dry source."""
    kinds = read_source(source).explicit_types
    if len(kinds) > 1:
        message = f"ComparisonError: multiple application sources defined: {','.join(kinds)}"
        scope.error(SEVERAL_RENDERERS, message, kinds[1].lower(), on_key=True)
    _check_helm(record(source.get("helm")), scope.at("helm"))
    for index, replica in enumerate(records(record(source.get("kustomize")).get("replicas"))):
        count = replica.get("count")
        if (
            isinstance(count, str)
            and not scope.is_open(count)
            and not re.match(r"[+-]?\d+\Z", count, re.ASCII)
        ):
            message = f"expected integer value for count. Received: {count}"
            scope.error(BAD_REPLICAS, message, "kustomize", "replicas", index, "count")


def check_references(sources: Sequence[Mapping[str, Any]], scope: Scope) -> None:
    """The names under which sources refer to each other."""
    names: dict[str, int] = {}
    for index, source in enumerate(sources):
        ref = text(source.get("ref"))
        if not ref or scope.is_open(ref):
            continue
        if len(sources) > 1 and not _REF.match(ref):
            message = f"sources.ref {ref} cannot contain any special characters except '_' and '-'"
            scope.error(BAD_REF, message, index, "ref")
        if ref in names:
            message = f"invalid sources: multiple sources had the same `ref` key, {ref}"
            scope.error(BAD_REF, message, index, "ref")
        names[ref] = index
    if any(scope.is_open(text(source.get("ref"))) for source in sources):
        return
    for index, source in enumerate(sources):
        helm, here = record(source.get("helm")), scope.at(index, "helm")
        files = [(("valueFiles", at), file) for at, file in enumerate(texts(helm.get("valueFiles")))]
        parameters = enumerate(records(helm.get("fileParameters")))
        files += [(("fileParameters", at), text(entry.get("path"))) for at, entry in parameters]
        for (field, at), file in files:
            ref = file.partition("/")[0]
            if not ref.startswith("$") or ref[1:] in names or scope.is_open(file):
                continue
            where: tuple[str | int, ...] = (field, at, "path") if field == "fileParameters" else (field, at)
            hint = did_you_mean(ref[1:], names)
            message = f'ComparisonError: source referenced "{ref}", which is not one of the available sources'
            here.error(UNKNOWN_REF, message, *where, hint=hint, within=ref)


def _check_helm(helm: Mapping[str, Any], scope: Scope) -> None:
    values = text(helm.get("values"))
    if values and helm.get("valuesObject"):
        scope.warn(TWO_VALUES, "valuesObject takes precedence: values are ignored", "values")
    elif values and not scope.is_open(values):
        fault = _values_fault(values)
        if fault:
            scope.error(BAD_VALUES, f"ComparisonError: the values are no YAML mapping: {fault}", "values")
    if text(helm.get("version")) == "v2":
        scope.error(BAD_VALUES, "ComparisonError: helm chart version 'v2' is not supported", "version")


def _values_fault(text_: str) -> str:
    from holkas.yaml import YamlError, load

    try:
        value = load(text_)
    except YamlError as error:
        return error.finding.message
    return "" if value is None or isinstance(value, dict) else "it holds something else"
