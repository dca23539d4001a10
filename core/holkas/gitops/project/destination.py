"""A destination by its name and by its server: rules of projects may speak of either."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from holkas.model.application import Destination

IN_CLUSTER = Destination(name="in-cluster", server="https://kubernetes.default.svc")


def whole_destination(destination: Destination, clusters: Iterable[Destination]) -> Destination:
    """The destination with both name and server, where one of the clusters, or Argo CD's own, tells the other."""
    for cluster in (*clusters, IN_CLUSTER):
        if destination.server and destination.server.rstrip("/") == cluster.server:
            return replace(destination, name=cluster.name)
        if destination.name and destination.name == cluster.name:
            return replace(destination, server=cluster.server)
    return destination
