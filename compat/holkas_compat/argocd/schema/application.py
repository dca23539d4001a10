"""Applications (pkg/apis/application/v1alpha1/types.go). Their status is the controller's and left open."""

from __future__ import annotations

from holkas_compat.argocd.schema.source import SOURCE, SOURCE_HYDRATOR
from holkas_compat.manifest.root import root
from holkas_compat.manifest.types import ANY, BOOL, INT64, STRING, STRING_MAP, STRINGS, ListOf, MapOf, struct

DESTINATION = struct(
    "v1alpha1.ApplicationDestination", {"server": STRING, "name": STRING, "namespace": STRING}
)

RETRY = struct(
    "v1alpha1.RetryStrategy",
    {
        "limit": INT64,
        "backoff": struct("v1alpha1.Backoff", {"duration": STRING, "factor": INT64, "maxDuration": STRING}),
        "refresh": BOOL,
    },
)

SYNC_POLICY = struct(
    "v1alpha1.SyncPolicy",
    {
        "automated": struct(
            "v1alpha1.SyncPolicyAutomated",
            {"prune": BOOL, "selfHeal": BOOL, "allowEmpty": BOOL, "enabled": BOOL},
        ),
        "syncOptions": STRINGS,
        "retry": RETRY,
        "managedNamespaceMetadata": struct(
            "v1alpha1.ManagedNamespaceMetadata", {"labels": STRING_MAP, "annotations": STRING_MAP}
        ),
    },
)

IGNORE_DIFFERENCES = struct(
    "v1alpha1.ResourceIgnoreDifferences",
    {
        "group": STRING,
        "kind": STRING,
        "name": STRING,
        "namespace": STRING,
        "jsonPointers": STRINGS,
        "jqPathExpressions": STRINGS,
        "managedFieldsManagers": STRINGS,
    },
)

INFO = struct("v1alpha1.Info", {"name": STRING, "value": STRING})

APPLICATION_SPEC = struct(
    "v1alpha1.ApplicationSpec",
    {
        "project": STRING,
        "source": SOURCE,
        "sources": ListOf(SOURCE),
        "sourceHydrator": SOURCE_HYDRATOR,
        "destination": DESTINATION,
        "syncPolicy": SYNC_POLICY,
        "ignoreDifferences": ListOf(IGNORE_DIFFERENCES),
        "info": ListOf(INFO),
        "revisionHistoryLimit": INT64,
    },
)

_FORCE = {"force": BOOL}

OPERATION = struct(
    "v1alpha1.Operation",
    {
        "sync": struct(
            "v1alpha1.SyncOperation",
            {
                "revision": STRING,
                "revisions": STRINGS,
                "prune": BOOL,
                "dryRun": BOOL,
                "syncStrategy": struct(
                    "v1alpha1.SyncStrategy",
                    {
                        "apply": struct("v1alpha1.SyncStrategyApply", _FORCE),
                        "hook": struct("v1alpha1.SyncStrategyHook", _FORCE),
                    },
                ),
                "resources": ListOf(
                    struct(
                        "v1alpha1.SyncOperationResource",
                        {"group": STRING, "kind": STRING, "name": STRING, "namespace": STRING},
                    )
                ),
                "source": SOURCE,
                "sources": ListOf(SOURCE),
                "manifests": STRINGS,
                "syncOptions": STRINGS,
                "autoHealAttemptsCount": INT64,
            },
        ),
        "initiatedBy": struct("v1alpha1.OperationInitiator", {"username": STRING, "automated": BOOL}),
        "info": ListOf(INFO),
        "retry": RETRY,
    },
)

APPLICATION = root(
    "v1alpha1.Application", {"spec": APPLICATION_SPEC, "operation": OPERATION, "status": MapOf(ANY)}
)
