"""Clusters, as Secrets say them (Argo CD, "Declarative Setup", Clusters)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from holkas.gitops.go_url import UrlError, parse_url
from holkas.model.cluster import Cluster
from holkas.model.secret import Secret

from holkas_compat.argocd.config.data import data_of
from holkas_compat.manifest.shape import record

_PROXIES = ("http", "https", "socks5")
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
    if not isinstance(value, dict):
        return "it is no JSON object"
    proxy = value.get("proxyUrl")
    return proxy_fault(proxy) if isinstance(proxy, str) and proxy else ""


def proxy_fault(url: str) -> str:
    """What is wrong with the address of a proxy; empty if nothing is."""
    try:
        scheme = parse_url(url).scheme
    except UrlError:
        return "the address of the proxy cannot be read"
    return "" if scheme in _PROXIES else "the scheme of the proxy is none of http, https and socks5"


def _texts(value: Any) -> dict[str, str]:
    return {key: item for key, item in record(value).items() if isinstance(item, str)}
