"""ApplicationSets and their generators (pkg/apis/application/v1alpha1/applicationset_types.go)."""

from __future__ import annotations

from holkas_compat.argocd.schema.application import APPLICATION_SPEC
from holkas_compat.argocd.schema.providers import (
    PULL_REQUEST_FILTER,
    PULL_REQUEST_PROVIDERS,
    SCM_FILTER,
    SCM_PROVIDERS,
)
from holkas_compat.manifest.metadata import LABEL_SELECTOR
from holkas_compat.manifest.root import root
from holkas_compat.manifest.types import (
    ANY,
    BOOL,
    INT64,
    INT_OR_STRING,
    STRING,
    STRING_MAP,
    STRINGS,
    Fields,
    ListOf,
    MapOf,
    Struct,
    struct,
)

TEMPLATE = struct(
    "v1alpha1.ApplicationSetTemplate",
    {
        "metadata": struct(
            "v1alpha1.ApplicationSetTemplateMeta",
            {
                "name": STRING,
                "namespace": STRING,
                "labels": STRING_MAP,
                "annotations": STRING_MAP,
                "finalizers": STRINGS,
            },
        ),
        "spec": APPLICATION_SPEC,
    },
)

_COMMON: Fields = {"values": STRING_MAP, "template": TEMPLATE}
_POLLED: Fields = {"requeueAfterSeconds": INT64, **_COMMON}

LIST = struct(
    "v1alpha1.ListGenerator", {"elements": ListOf(ANY), "elementsYaml": STRING, "template": TEMPLATE}
)
CLUSTERS = struct("v1alpha1.ClusterGenerator", {"selector": LABEL_SELECTOR, "flatList": BOOL, **_COMMON})


def _tree(name: str) -> Struct:
    """A generator of directories or files of something that a URL and a revision name."""
    directory = struct(f"v1alpha1.{name}DirectoryGeneratorItem", {"path": STRING, "exclude": BOOL})
    file = struct(f"v1alpha1.{name}FileGeneratorItem", {"path": STRING, "exclude": BOOL})
    return struct(
        f"v1alpha1.{name}Generator",
        {
            "repoURL": STRING,
            "revision": STRING,
            "directories": ListOf(directory),
            "files": ListOf(file),
            "pathParamPrefix": STRING,
            **_POLLED,
        },
    )


GIT = _tree("Git")
OCI = _tree("Oci")
SCM_PROVIDER = struct(
    "v1alpha1.SCMProviderGenerator",
    {**SCM_PROVIDERS, "filters": ListOf(SCM_FILTER), "cloneProtocol": STRING, **_POLLED},
)
PULL_REQUEST = struct(
    "v1alpha1.PullRequestGenerator",
    {
        **PULL_REQUEST_PROVIDERS,
        "filters": ListOf(PULL_REQUEST_FILTER),
        "continueOnRepoNotFoundError": BOOL,
        **_POLLED,
    },
)
DECISION = struct(
    "v1alpha1.DuckTypeGenerator",
    {"configMapRef": STRING, "name": STRING, "labelSelector": LABEL_SELECTOR, **_POLLED},
)
PLUGIN = struct(
    "v1alpha1.PluginGenerator",
    {
        "configMapRef": struct("v1alpha1.PluginConfigMapRef", {"name": STRING}),
        "input": struct("v1alpha1.PluginInput", {"parameters": MapOf(ANY)}),
        **_POLLED,
    },
)

SIMPLE: Fields = {
    "list": LIST,
    "clusters": CLUSTERS,
    "git": GIT,
    "scmProvider": SCM_PROVIDER,
    "clusterDecisionResource": DECISION,
    "pullRequest": PULL_REQUEST,
    "plugin": PLUGIN,
    "oci": OCI,
}
"""Generators that are not made of others."""

TERMINAL = struct("v1alpha1.ApplicationSetTerminalGenerator", {**SIMPLE, "selector": LABEL_SELECTOR})
NESTED = struct(
    "v1alpha1.ApplicationSetNestedGenerator",
    {
        **SIMPLE,
        "matrix": struct("v1alpha1.NestedMatrixGenerator", {"generators": ListOf(TERMINAL)}),
        "merge": struct(
            "v1alpha1.NestedMergeGenerator", {"generators": ListOf(TERMINAL), "mergeKeys": STRINGS}
        ),
        "selector": LABEL_SELECTOR,
    },
)
GENERATOR = struct(
    "v1alpha1.ApplicationSetGenerator",
    {
        **SIMPLE,
        "matrix": struct("v1alpha1.MatrixGenerator", {"generators": ListOf(NESTED), "template": TEMPLATE}),
        "merge": struct(
            "v1alpha1.MergeGenerator",
            {"generators": ListOf(NESTED), "mergeKeys": STRINGS, "template": TEMPLATE},
        ),
        "selector": LABEL_SELECTOR,
    },
)

STRATEGY = struct(
    "v1alpha1.ApplicationSetStrategy",
    {
        "type": STRING,
        "rollingSync": struct(
            "v1alpha1.ApplicationSetRolloutStrategy",
            {
                "steps": ListOf(
                    struct(
                        "v1alpha1.ApplicationSetRolloutStep",
                        {
                            "matchExpressions": ListOf(
                                struct(
                                    "v1alpha1.ApplicationMatchExpression",
                                    {"key": STRING, "operator": STRING, "values": STRINGS},
                                )
                            ),
                            "maxUpdate": INT_OR_STRING,
                        },
                    )
                )
            },
        ),
        "deletionOrder": STRING,
    },
)

APPLICATION_SET_SPEC = struct(
    "v1alpha1.ApplicationSetSpec",
    {
        "goTemplate": BOOL,
        "goTemplateOptions": STRINGS,
        "generators": ListOf(GENERATOR),
        "applyNestedSelectors": BOOL,
        "template": TEMPLATE,
        "templatePatch": STRING,
        "syncPolicy": struct(
            "v1alpha1.ApplicationSetSyncPolicy",
            {"preserveResourcesOnDeletion": BOOL, "applicationsSync": STRING},
        ),
        "strategy": STRATEGY,
        "preservedFields": struct(
            "v1alpha1.ApplicationPreservedFields", {"annotations": STRINGS, "labels": STRINGS}
        ),
        "ignoreApplicationDifferences": ListOf(
            struct(
                "v1alpha1.ApplicationSetResourceIgnoreDifferences",
                {"name": STRING, "jsonPointers": STRINGS, "jqPathExpressions": STRINGS},
            )
        ),
    },
)

APPLICATION_SET = root("v1alpha1.ApplicationSet", {"spec": APPLICATION_SET_SPEC, "status": MapOf(ANY)})
