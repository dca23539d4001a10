"""Sources of applications (pkg/apis/application/v1alpha1/types.go)."""

from __future__ import annotations

from holkas_compat.manifest.types import (
    ANY,
    BOOL,
    INT_OR_STRING,
    STRING,
    STRING_MAP,
    STRINGS,
    Fields,
    ListOf,
    MapOf,
    struct,
)

HELM = struct(
    "v1alpha1.ApplicationSourceHelm",
    {
        "releaseName": STRING,
        "valueFiles": STRINGS,
        "ignoreMissingValueFiles": BOOL,
        "values": STRING,
        "valuesObject": MapOf(ANY),
        "parameters": ListOf(
            struct("v1alpha1.HelmParameter", {"name": STRING, "value": STRING, "forceString": BOOL})
        ),
        "fileParameters": ListOf(struct("v1alpha1.HelmFileParameter", {"name": STRING, "path": STRING})),
        "version": STRING,
        "passCredentials": BOOL,
        "skipCrds": BOOL,
        "skipTests": BOOL,
        "skipSchemaValidation": BOOL,
        "namespace": STRING,
        "kubeVersion": STRING,
        "apiVersions": STRINGS,
    },
)

KUSTOMIZE_SELECTOR = struct(
    "v1alpha1.KustomizeSelector",
    {
        "group": STRING,
        "version": STRING,
        "kind": STRING,
        "name": STRING,
        "namespace": STRING,
        "annotationSelector": STRING,
        "labelSelector": STRING,
    },
)

KUSTOMIZE = struct(
    "v1alpha1.ApplicationSourceKustomize",
    {
        "namePrefix": STRING,
        "nameSuffix": STRING,
        "namespace": STRING,
        "images": STRINGS,
        "replicas": ListOf(struct("v1alpha1.KustomizeReplica", {"name": STRING, "count": INT_OR_STRING})),
        "commonLabels": STRING_MAP,
        "forceCommonLabels": BOOL,
        "labelWithoutSelector": BOOL,
        "labelIncludeTemplates": BOOL,
        "commonAnnotations": STRING_MAP,
        "forceCommonAnnotations": BOOL,
        "commonAnnotationsEnvsubst": BOOL,
        "components": STRINGS,
        "ignoreMissingComponents": BOOL,
        "patches": ListOf(
            struct(
                "v1alpha1.KustomizePatch",
                {"target": KUSTOMIZE_SELECTOR, "patch": STRING, "path": STRING, "options": MapOf(BOOL)},
            )
        ),
        "version": STRING,
        "kubeVersion": STRING,
        "apiVersions": STRINGS,
    },
)

JSONNET_VAR = struct("v1alpha1.JsonnetVar", {"name": STRING, "value": STRING, "code": BOOL})

DIRECTORY = struct(
    "v1alpha1.ApplicationSourceDirectory",
    {
        "recurse": BOOL,
        "include": STRING,
        "exclude": STRING,
        "jsonnet": struct(
            "v1alpha1.ApplicationSourceJsonnet",
            {"extVars": ListOf(JSONNET_VAR), "tlas": ListOf(JSONNET_VAR), "libs": STRINGS},
        ),
    },
)

PLUGIN = struct(
    "v1alpha1.ApplicationSourcePlugin",
    {
        "name": STRING,
        "env": ListOf(struct("v1alpha1.EnvEntry", {"name": STRING, "value": STRING})),
        "parameters": ListOf(
            struct(
                "v1alpha1.ApplicationSourcePluginParameter",
                {"name": STRING, "string": STRING, "array": STRINGS, "map": STRING_MAP},
            )
        ),
    },
)

RENDERERS: Fields = {"helm": HELM, "kustomize": KUSTOMIZE, "directory": DIRECTORY, "plugin": PLUGIN}

SOURCE = struct(
    "v1alpha1.ApplicationSource",
    {
        "name": STRING,
        "repoURL": STRING,
        "chart": STRING,
        "path": STRING,
        "targetRevision": STRING,
        "tagPrefix": STRING,
        "ref": STRING,
        **RENDERERS,
    },
)

SOURCE_HYDRATOR = struct(
    "v1alpha1.SourceHydrator",
    {
        "drySource": struct(
            "v1alpha1.DrySource",
            {"repoURL": STRING, "path": STRING, "targetRevision": STRING, **RENDERERS},
        ),
        "syncSource": struct("v1alpha1.SyncSource", {"targetBranch": STRING, "path": STRING}),
        "hydrateTo": struct("v1alpha1.HydrateTo", {"targetBranch": STRING}),
    },
)
