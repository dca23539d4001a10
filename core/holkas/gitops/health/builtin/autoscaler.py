"""HorizontalPodAutoscaler: by conditions (Argo CD, "Resource Health")."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from holkas.gitops.health.fields import mappings, text
from holkas.model.health import Health, HealthStatus

CONDITIONS_ANNOTATION = "autoscaling.alpha.kubernetes.io/conditions"
"""Where version 1 of the API keeps what later versions keep in ``status.conditions``."""

_DEGRADED = frozenset(
    {
        ("AbleToScale", "FailedGetScale"),
        ("AbleToScale", "FailedUpdateScale"),
        ("ScalingActive", "FailedGetResourceMetric"),
        ("ScalingActive", "FailedGetObjectMetric"),
        ("ScalingActive", "FailedGetPodsMetric"),
        ("ScalingActive", "FailedGetExternalMetric"),
        ("ScalingActive", "FailedComputeMetricsReplicas"),
        ("ScalingActive", "InvalidSelector"),
    }
)
_HEALTHY = frozenset({("AbleToScale", "True"), ("ScalingLimited", "True")})


def horizontal_pod_autoscaler(manifest: Mapping[str, Any]) -> Health:
    """Degraded where it cannot scale or read a metric, whatever else holds; Healthy once it is able to scale."""
    try:
        found = list(_conditions(manifest))
    except ValueError:
        return Health(
            status=HealthStatus.UNKNOWN, message=f"the annotation {CONDITIONS_ANNOTATION} is no JSON list"
        )
    for item in found:
        if (text(item, "type"), text(item, "reason")) in _DEGRADED:
            return Health(status=HealthStatus.DEGRADED, message=text(item, "message"))
    for item in found:
        if (text(item, "type"), text(item, "status")) in _HEALTHY:
            return Health(status=HealthStatus.HEALTHY, message=text(item, "message"))
    return Health(status=HealthStatus.PROGRESSING, message="Waiting to autoscale")


def _conditions(manifest: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if text(manifest, "apiVersion") != "autoscaling/v1":
        return list(mappings(manifest, "status", "conditions"))
    written = text(manifest, "metadata", "annotations", CONDITIONS_ANNOTATION)
    return list(mappings({"conditions": json.loads(written)}, "conditions")) if written else []
