"""Kubernetes' metadata (k8s.io/apimachinery, meta/v1)."""

from __future__ import annotations

from holkas_compat.manifest.types import (
    ANY,
    BOOL,
    INT64,
    STRING,
    STRING_MAP,
    STRINGS,
    TIME,
    ListOf,
    kept,
    pointer,
    struct,
)

OWNER_REFERENCE = struct(
    "metav1.OwnerReference",
    {
        "apiVersion": kept(STRING),
        "kind": kept(STRING),
        "name": kept(STRING),
        "uid": kept(STRING),
        "controller": pointer(BOOL),
        "blockOwnerDeletion": pointer(BOOL),
    },
)

MANAGED_FIELDS = struct(
    "metav1.ManagedFieldsEntry",
    {
        "manager": STRING,
        "operation": STRING,
        "apiVersion": STRING,
        "time": TIME,
        "fieldsType": STRING,
        "fieldsV1": ANY,
        "subresource": STRING,
    },
)

OBJECT_META = struct(
    "metav1.ObjectMeta",
    {
        "name": STRING,
        "generateName": STRING,
        "namespace": STRING,
        "selfLink": STRING,
        "uid": STRING,
        "resourceVersion": STRING,
        "generation": INT64,
        "creationTimestamp": TIME,
        "deletionTimestamp": TIME,
        "deletionGracePeriodSeconds": pointer(INT64),
        "labels": STRING_MAP,
        "annotations": STRING_MAP,
        "ownerReferences": ListOf(OWNER_REFERENCE),
        "finalizers": STRINGS,
        "managedFields": ListOf(MANAGED_FIELDS),
    },
)

LABEL_SELECTOR = struct(
    "metav1.LabelSelector",
    {
        "matchLabels": STRING_MAP,
        "matchExpressions": ListOf(
            struct(
                "metav1.LabelSelectorRequirement",
                {"key": kept(STRING), "operator": kept(STRING), "values": STRINGS},
            )
        ),
    },
)
