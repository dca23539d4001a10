"""PersistentVolumeClaims and templates of them (k8s.io/api/core/v1)."""

from __future__ import annotations

from holkas_compat.manifest.metadata import LABEL_SELECTOR, OBJECT_META
from holkas_compat.manifest.types import (
    QUANTITY,
    STRING,
    STRING_MAP,
    STRINGS,
    TIME,
    ListOf,
    MapOf,
    kept,
    pointer,
    struct,
    value,
)

CLAIM_SPEC = struct(
    "corev1.PersistentVolumeClaimSpec",
    {
        "accessModes": STRINGS,
        "selector": LABEL_SELECTOR,
        "resources": value(
            struct(
                "corev1.VolumeResourceRequirements",
                {"limits": MapOf(QUANTITY), "requests": MapOf(QUANTITY)},
            )
        ),
        "volumeName": STRING,
        "storageClassName": pointer(STRING),
        "volumeMode": pointer(STRING),
        "dataSource": struct(
            "corev1.TypedLocalObjectReference",
            {"apiGroup": pointer(STRING), "kind": kept(STRING), "name": kept(STRING)},
        ),
        "dataSourceRef": struct(
            "corev1.TypedObjectReference",
            {
                "apiGroup": pointer(STRING),
                "kind": kept(STRING),
                "name": kept(STRING),
                "namespace": pointer(STRING),
            },
        ),
        "volumeAttributesClassName": pointer(STRING),
    },
)

_CLAIM_STATUS = struct(
    "corev1.PersistentVolumeClaimStatus",
    {
        "phase": STRING,
        "accessModes": STRINGS,
        "capacity": MapOf(QUANTITY),
        "conditions": ListOf(
            struct(
                "corev1.PersistentVolumeClaimCondition",
                {
                    "type": kept(STRING),
                    "status": kept(STRING),
                    "lastProbeTime": TIME,
                    "lastTransitionTime": TIME,
                    "reason": STRING,
                    "message": STRING,
                },
            )
        ),
        "allocatedResources": MapOf(QUANTITY),
        "allocatedResourceStatuses": STRING_MAP,
        "currentVolumeAttributesClassName": pointer(STRING),
        "modifyVolumeStatus": struct(
            "corev1.ModifyVolumeStatus",
            {"targetVolumeAttributesClassName": STRING, "status": kept(STRING)},
        ),
    },
)

CLAIM_TEMPLATE = struct(
    "corev1.PersistentVolumeClaimTemplate", {"metadata": value(OBJECT_META), "spec": value(CLAIM_SPEC)}
)

CLAIM = struct(
    "corev1.PersistentVolumeClaim",
    {
        "apiVersion": STRING,
        "kind": STRING,
        "metadata": value(OBJECT_META),
        "spec": value(CLAIM_SPEC),
        "status": value(_CLAIM_STATUS),
    },
)
