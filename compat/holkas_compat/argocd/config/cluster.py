"""Clusters, as Secrets say them (Argo CD, "Declarative Setup", Clusters)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from holkas.model.cluster import Cluster
from holkas.model.secret import Secret

from holkas_compat.argocd.config.data import data_of
from holkas_compat.manifest.shape import record

KEYS = frozenset(("name", "server", "config", "namespaces", "clusterResources", "project", "shard"))


def read_cluster(document: Mapping[str, Any]) -> Cluster:
    """A cluster of a Secret with the label; what cannot be read counts as not said."""
    data, metadata = data_of(document), record(document.get("metadata"))
    shard = data.get("shard", "")
    return Cluster(
        name=data.get("name", ""),
        server=data.get("server", "").rstrip("/"),
        namespaces=tuple(filter(None, (part.strip() for part in data.get("namespaces", "").split(",")))),
        cluster_resources=data.get("clusterResources") == "true",
        project=data.get("project", ""),
        shard=int(shard) if shard.isdecimal() and len(shard) < 9 else None,
        config=Secret(data["config"]) if data.get("config") else None,
        labels=_texts(metadata.get("labels")),
        annotations=_texts(metadata.get("annotations")),
    )


def config_fault(text: str) -> str:
    """What is wrong with a cluster's ``config``; empty if nothing is. Never shows any of it."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return "it is not JSON"
    return "" if isinstance(value, dict) else "it is no JSON object"


def _texts(value: Any) -> dict[str, str]:
    return {key: item for key, item in record(value).items() if isinstance(item, str)}
