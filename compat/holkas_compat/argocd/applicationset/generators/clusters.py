"""``clusters``: the clusters that Argo CD knows, from their Secrets.

Source: Argo CD's documentation, "Cluster Generator" and "Declarative Setup", "Clusters".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.records import dataclass

from holkas_compat.argocd.applicationset.errors import GenerationError
from holkas_compat.argocd.applicationset.functions import normalize
from holkas_compat.argocd.applicationset.generators.given import Given
from holkas_compat.argocd.applicationset.params import add_values
from holkas_compat.argocd.applicationset.selector import compiled, is_empty
from holkas_compat.argocd.applicationset.substitution import Params
from holkas_compat.argocd.applicationset.world import World, secret_data
from holkas_compat.gotemplate.values import StringMap

SECRET_TYPE = "argocd.argoproj.io/secret-type"  # noqa: S105 - the name of a label
NOT_PARAMETERS = frozenset(
    {
        "argocd.argoproj.io/refresh",
        "argocd.argoproj.io/refresh-timestamp",
        "argocd.argoproj.io/hydrate",
        "argocd.argoproj.io/hydrate-timestamp",
        "argocd.argoproj.io/tracking-id",
        "argocd.argoproj.io/installation-id",
        "kubectl.kubernetes.io/last-applied-configuration",
    }
)
"""Annotations of a cluster's Secret that are the state of Argo CD or kubectl, not about the cluster."""
LOCAL_NAME = "in-cluster"
LOCAL_SERVER = "https://kubernetes.default.svc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """One cluster; ``secret`` is false for the one in which Argo CD runs, unless it has a Secret."""

    name: str
    server: str
    project: str = ""
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    secret: bool = True


def known_clusters(world: World) -> list[Cluster]:
    """Those of Secrets, in the order of the documents, then the local cluster. Raises GenerationError."""
    found: list[Cluster] = []
    for document in world.documents:
        metadata = document.get("metadata")
        if document.get("kind") != "Secret" or not isinstance(metadata, Mapping):
            continue
        labels = _texts(metadata.get("labels"))
        if labels.get(SECRET_TYPE) != "cluster":
            continue
        data = secret_data(document)
        server = data.get("server", "")
        found.append(
            Cluster(
                name=data.get("name", ""),
                server=server,
                project=data.get("project", ""),
                labels=labels,
                annotations=_texts(metadata.get("annotations")),
            )
        )
    if not any(cluster.server == LOCAL_SERVER for cluster in found):
        found.append(Cluster(name=LOCAL_NAME, server=LOCAL_SERVER, labels={}, annotations={}, secret=False))
    return found


def _texts(value: Any) -> dict[str, str]:
    return {str(key): str(item) for key, item in value.items()} if isinstance(value, Mapping) else {}


def generate(config: Mapping[str, Any], given: Given) -> list[Params]:
    """One set a cluster that the selector fits; the local one has no labels, so any selector leaves it out."""
    selector = config.get("selector")
    made: list[Params] = []
    try:
        selects = compiled(selector if isinstance(selector, Mapping) else {}, strict=True)
    except GenerationError as error:
        told = str(error).replace("error parsing", "error getting cluster secrets: error converting", 1)
        raise GenerationError(told, path=("selector",)) from error
    for cluster in known_clusters(given.world):
        if cluster.secret:
            if not selects(cluster.labels):
                continue
        elif not is_empty(selector):
            continue
        params = _params(cluster, given.how.go_template)
        try:
            add_values(config.get("values"), params, given.how)
        except GenerationError as error:
            told = "cluster" if cluster.secret else "local cluster"
            raise GenerationError(
                f"error appending templated values for {told}: {error}", path=("values",), code=error.code
            ) from error
        made.append(params)
    return [{"clusters": made}] if config.get("flatList") is True else made


def _params(cluster: Cluster, go_template: bool) -> Params:
    params: Params = {
        "name": cluster.name,
        "nameNormalized": normalize(cluster.name) if cluster.secret else cluster.name,
        "server": cluster.server,
        "project": cluster.project,
    }
    if not cluster.secret:
        return params
    annotations = {key: text for key, text in cluster.annotations.items() if key not in NOT_PARAMETERS}
    if go_template:
        metadata: Params = {}
        if cluster.annotations:
            metadata["annotations"] = StringMap(annotations)
        if cluster.labels:
            metadata["labels"] = StringMap(cluster.labels)
        params["metadata"] = metadata
    else:
        params.update({f"metadata.annotations.{key}": text for key, text in annotations.items()})
        params.update({f"metadata.labels.{key}": text for key, text in cluster.labels.items()})
    return params
