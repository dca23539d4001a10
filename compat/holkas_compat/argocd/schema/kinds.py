"""Argo CD's kinds, and what their definitions demand (manifests/crds)."""

from __future__ import annotations

from collections.abc import Mapping

from holkas_compat.argocd.group import GROUP
from holkas_compat.argocd.schema.application import APPLICATION
from holkas_compat.argocd.schema.applicationset import APPLICATION_SET
from holkas_compat.argocd.schema.project import PROJECT
from holkas_compat.manifest.types import Struct

V1ALPHA1 = f"{GROUP}/v1alpha1"

KINDS: Mapping[str, Struct] = {
    "Application": APPLICATION,
    "ApplicationSet": APPLICATION_SET,
    "AppProject": PROJECT,
}

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "v1alpha1.Application": ("metadata", "spec"),
    "v1alpha1.ApplicationSpec": ("destination", "project"),
    "v1alpha1.ApplicationSource": ("repoURL",),
    "v1alpha1.KustomizeReplica": ("name", "count"),
    "v1alpha1.JsonnetVar": ("name", "value"),
    "v1alpha1.EnvEntry": ("name", "value"),
    "v1alpha1.SourceHydrator": ("drySource", "syncSource"),
    "v1alpha1.DrySource": ("repoURL", "path", "targetRevision"),
    "v1alpha1.SyncSource": ("targetBranch", "path"),
    "v1alpha1.HydrateTo": ("targetBranch",),
    "v1alpha1.ResourceIgnoreDifferences": ("kind",),
    "v1alpha1.Info": ("name", "value"),
    "v1alpha1.SyncOperationResource": ("kind", "name"),
    "v1alpha1.AppProject": ("metadata", "spec"),
    "metav1.GroupKind": ("group", "kind"),
    "v1alpha1.ClusterResourceRestrictionItem": ("group", "kind"),
    "v1alpha1.ApplicationDestinationServiceAccount": ("server", "defaultServiceAccount"),
    "v1alpha1.SignatureKey": ("keyID",),
    "v1alpha1.SourceIntegrityGit": ("policies",),
    "v1alpha1.SourceIntegrityGitPolicy": ("repos", "gpg"),
    "v1alpha1.SourceIntegrityGitPolicyGPG": ("mode", "keys"),
    "v1alpha1.SourceIntegrityHelm": ("policies",),
    "v1alpha1.SourceIntegrityHelmPolicy": ("repos", "provenance"),
    "v1alpha1.SourceIntegrityHelmPolicyProvenance": ("keys",),
    "v1alpha1.SourceIntegrityPolicyRepo": ("url",),
    "v1alpha1.ProjectRole": ("name",),
    "v1alpha1.JWTToken": ("iat",),
    "v1alpha1.ApplicationSet": ("metadata", "spec"),
    "v1alpha1.ApplicationSetSpec": ("generators", "template"),
    "v1alpha1.ApplicationSetTemplate": ("metadata", "spec"),
    "v1alpha1.GitGenerator": ("repoURL", "revision"),
    "v1alpha1.GitDirectoryGeneratorItem": ("path",),
    "v1alpha1.GitFileGeneratorItem": ("path",),
    "v1alpha1.MatrixGenerator": ("generators",),
    "v1alpha1.MergeGenerator": ("generators", "mergeKeys"),
    "v1alpha1.NestedMatrixGenerator": ("generators",),
    "v1alpha1.NestedMergeGenerator": ("generators", "mergeKeys"),
    "v1alpha1.DuckTypeGenerator": ("configMapRef",),
    "v1alpha1.PluginGenerator": ("configMapRef",),
    "v1alpha1.PluginConfigMapRef": ("name",),
    "v1alpha1.SecretRef": ("secretName", "key"),
    "v1alpha1.ConfigMapKeyRef": ("configMapName", "key"),
    "v1alpha1.BasicAuthBitbucketServer": ("username", "passwordRef"),
    "v1alpha1.BearerTokenBitbucket": ("tokenRef",),
    "v1alpha1.SCMProviderGeneratorGithub": ("organization",),
    "v1alpha1.SCMProviderGeneratorGitlab": ("group",),
    "v1alpha1.SCMProviderGeneratorBitbucket": ("owner", "user", "appPasswordRef"),
    "v1alpha1.SCMProviderGeneratorBitbucketServer": ("project", "api"),
    "v1alpha1.SCMProviderGeneratorGitea": ("owner", "api"),
    "v1alpha1.SCMProviderGeneratorAzureDevOps": ("organization", "teamProject", "accessTokenRef"),
    "v1alpha1.TagFilter": ("key",),
    "v1alpha1.PullRequestGeneratorGithub": ("owner", "repo"),
    "v1alpha1.PullRequestGeneratorGitLab": ("project",),
    "v1alpha1.PullRequestGeneratorGitea": ("owner", "repo", "api"),
    "v1alpha1.PullRequestGeneratorBitbucketServer": ("project", "repo", "api"),
    "v1alpha1.PullRequestGeneratorBitbucket": ("owner", "repo"),
    "v1alpha1.PullRequestGeneratorAzureDevOps": ("organization", "project", "repo"),
    "metav1.LabelSelectorRequirement": ("key", "operator"),
}
"""Fields that must be there, by name of the table; an empty value is one."""

WORDS: Mapping[tuple[str, str], list[str]] = {
    ("v1alpha1.ApplicationSetSyncPolicy", "applicationsSync"): [
        "create-only",
        "create-update",
        "create-delete",
        "sync",
    ],
}
"""The values that a text may have (``kubebuilder:validation:Enum``)."""
