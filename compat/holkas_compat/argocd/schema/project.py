"""Projects (pkg/apis/application/v1alpha1/{app_project_types,types,source_integrity}.go)."""

from __future__ import annotations

from holkas_compat.argocd.schema.application import DESTINATION
from holkas_compat.manifest.root import root
from holkas_compat.manifest.types import ANY, BOOL, INT64, STRING, STRINGS, ListOf, MapOf, deprecated, struct

GROUP_KIND = struct("metav1.GroupKind", {"group": STRING, "kind": STRING})

CLUSTER_RESOURCE = struct(
    "v1alpha1.ClusterResourceRestrictionItem", {"group": STRING, "kind": STRING, "name": STRING}
)

SYNC_WINDOW = struct(
    "v1alpha1.SyncWindow",
    {
        "kind": STRING,
        "schedule": STRING,
        "duration": STRING,
        "timeZone": STRING,
        "applications": STRINGS,
        "namespaces": STRINGS,
        "clusters": STRINGS,
        "andOperator": BOOL,
        "manualSync": BOOL,
        "syncOverrun": BOOL,
        "description": STRING,
    },
)

ROLE = struct(
    "v1alpha1.ProjectRole",
    {
        "name": STRING,
        "description": STRING,
        "policies": STRINGS,
        "groups": STRINGS,
        "jwtTokens": ListOf(struct("v1alpha1.JWTToken", {"iat": INT64, "exp": INT64, "id": STRING})),
    },
)

_REPOSITORIES = ListOf(struct("v1alpha1.SourceIntegrityPolicyRepo", {"url": STRING}))

SOURCE_INTEGRITY = struct(
    "v1alpha1.SourceIntegrity",
    {
        "git": struct(
            "v1alpha1.SourceIntegrityGit",
            {
                "policies": ListOf(
                    struct(
                        "v1alpha1.SourceIntegrityGitPolicy",
                        {
                            "repos": _REPOSITORIES,
                            "gpg": struct(
                                "v1alpha1.SourceIntegrityGitPolicyGPG", {"mode": STRING, "keys": STRINGS}
                            ),
                        },
                    )
                )
            },
        ),
        "helm": struct(
            "v1alpha1.SourceIntegrityHelm",
            {
                "policies": ListOf(
                    struct(
                        "v1alpha1.SourceIntegrityHelmPolicy",
                        {
                            "repos": _REPOSITORIES,
                            "provenance": struct(
                                "v1alpha1.SourceIntegrityHelmPolicyProvenance", {"keys": STRINGS}
                            ),
                        },
                    )
                )
            },
        ),
    },
)

PROJECT_SPEC = struct(
    "v1alpha1.AppProjectSpec",
    {
        "description": STRING,
        "sourceRepos": STRINGS,
        "sourceNamespaces": STRINGS,
        "destinations": ListOf(DESTINATION),
        "permitOnlyProjectScopedClusters": BOOL,
        "destinationServiceAccounts": ListOf(
            struct(
                "v1alpha1.ApplicationDestinationServiceAccount",
                {"server": STRING, "namespace": STRING, "defaultServiceAccount": STRING},
            )
        ),
        "clusterResourceWhitelist": ListOf(CLUSTER_RESOURCE),
        "clusterResourceBlacklist": ListOf(CLUSTER_RESOURCE),
        "namespaceResourceWhitelist": ListOf(GROUP_KIND),
        "namespaceResourceBlacklist": ListOf(GROUP_KIND),
        "orphanedResources": struct(
            "v1alpha1.OrphanedResourcesMonitorSettings",
            {
                "warn": BOOL,
                "ignore": ListOf(
                    struct("v1alpha1.OrphanedResourceKey", {"group": STRING, "kind": STRING, "name": STRING})
                ),
            },
        ),
        "syncWindows": ListOf(SYNC_WINDOW),
        "signatureKeys": deprecated(ListOf(struct("v1alpha1.SignatureKey", {"keyID": STRING}))),
        "sourceIntegrity": SOURCE_INTEGRITY,
        "roles": ListOf(ROLE),
    },
)

PROJECT = root("v1alpha1.AppProject", {"spec": PROJECT_SPEC, "status": MapOf(ANY)})
