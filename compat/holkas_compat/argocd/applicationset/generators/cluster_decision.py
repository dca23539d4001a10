"""``clusterDecisionResource``: clusters that another resource's status names.

Source: Argo CD's documentation, "Cluster Decision Resource Generator".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas_compat.argocd.applicationset.errors import GenerationError
from holkas_compat.argocd.applicationset.generators.clusters import known_clusters
from holkas_compat.argocd.applicationset.generators.given import Given
from holkas_compat.argocd.applicationset.selector import matches
from holkas_compat.argocd.applicationset.substitution import Params
from holkas_compat.gotemplate.formatting import shown
from holkas_compat.gotemplate.values import StringMap


def generate(config: Mapping[str, Any], given: Given) -> list[Params]:
    """One set a cluster of the status that is known by its name."""
    try:
        about = given.world.config_map(str(config.get("configMapRef", "")))
    except GenerationError as error:
        raise GenerationError(
            f"error reading configMapRef: {error}", path=("configMapRef",), hint=error.hint
        ) from error
    group, _, version = about.get("apiVersion", "").partition("/")
    kind, key = about.get("kind", ""), about.get("matchKey", "")
    if not kind or not group or not version:
        raise GenerationError("there is a problem with the apiVersion, kind or resourceName provided")
    resources = _resources(config, given, f"{group}/{version}", kind)
    if not resources:
        raise GenerationError("no clusterDecisionResources found")
    if not key:
        return []
    decisions: list[Any] = []
    for resource in resources:
        status = resource.get("status")
        if isinstance(status, Mapping) and status:
            listed = status.get(about.get("statusListKey") or "clusters")
            decisions += listed if isinstance(listed, list) else []
    clusters = {cluster.name: cluster for cluster in reversed(known_clusters(given.world))}
    made: list[Params] = []
    for decision in decisions:
        matched = decision.get(key) if isinstance(decision, Mapping) else None
        name = "" if matched is None else shown(matched)
        if name not in clusters:
            continue
        params: Params = {"name": name, "server": clusters[name].server.rstrip("/")}
        params.update({str(field): shown(value) for field, value in decision.items()})
        _add_values(config.get("values"), params, given.how.go_template)
        made.append(params)
    return made


def _add_values(values: Any, params: Params, go_template: bool) -> None:
    """The values as they are: this generator renders none."""
    if not isinstance(values, Mapping) or not values:
        return
    texts = {str(key): shown(value) for key, value in values.items()}
    if go_template:
        params["values"] = StringMap(texts)
    else:
        params.update({f"values.{key}": value for key, value in texts.items()})


def _resources(config: Mapping[str, Any], given: Given, version: str, kind: str) -> list[Mapping[str, Any]]:
    name = str(config.get("name") or "")
    selector = config.get("labelSelector")
    selects = isinstance(selector, Mapping) and (
        selector.get("matchLabels") is not None or selector.get("matchExpressions") is not None
    )
    if bool(name) == bool(selects):
        raise GenerationError(
            "there is a problem with the definition of the ClusterDecisionResource generator"
        )
    found: list[Mapping[str, Any]] = []
    for document in given.world.documents:
        metadata = document.get("metadata")
        if document.get("apiVersion") != version or not isinstance(metadata, Mapping):
            continue
        if not _is_kind(str(document.get("kind", "")), kind):
            continue
        labels = metadata.get("labels")
        if name:
            if metadata.get("name") == name:
                found.append(document)
        elif isinstance(selector, Mapping) and matches(
            selector, labels if isinstance(labels, Mapping) else {}
        ):
            found.append(document)
    return found


def _is_kind(kind: str, resource: str) -> bool:
    """Whether a kind is what the ConfigMap calls by its plural in lower case."""
    one, many = kind.lower(), resource.lower()
    plurals = (one, one + "s", one + "es", one[:-1] + "ies" if one.endswith("y") else one)
    return many in plurals
