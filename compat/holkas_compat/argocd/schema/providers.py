"""Where the generators of ApplicationSets ask for repositories and pull requests (applicationset_types.go)."""

from __future__ import annotations

from holkas_compat.manifest.types import BOOL, STRING, STRINGS, Fields, ListOf, struct

SECRET_REF = struct("v1alpha1.SecretRef", {"secretName": STRING, "key": STRING})
CONFIG_MAP_KEY = struct("v1alpha1.ConfigMapKeyRef", {"configMapName": STRING, "key": STRING})
BASIC_AUTH = struct("v1alpha1.BasicAuthBitbucketServer", {"username": STRING, "passwordRef": SECRET_REF})
BEARER_TOKEN = struct("v1alpha1.BearerTokenBitbucket", {"tokenRef": SECRET_REF})

_SERVER: Fields = {"insecure": BOOL, "caRef": CONFIG_MAP_KEY}

SCM_PROVIDERS: Fields = {
    "github": struct(
        "v1alpha1.SCMProviderGeneratorGithub",
        {
            "organization": STRING,
            "api": STRING,
            "tokenRef": SECRET_REF,
            "appSecretName": STRING,
            "allBranches": BOOL,
            "excludeArchivedRepos": BOOL,
        },
    ),
    "gitlab": struct(
        "v1alpha1.SCMProviderGeneratorGitlab",
        {
            "group": STRING,
            "includeSubgroups": BOOL,
            "includeSharedProjects": BOOL,
            "includeArchivedRepos": BOOL,
            "api": STRING,
            "tokenRef": SECRET_REF,
            "allBranches": BOOL,
            "topic": STRING,
            **_SERVER,
        },
    ),
    "bitbucket": struct(
        "v1alpha1.SCMProviderGeneratorBitbucket",
        {"owner": STRING, "user": STRING, "appPasswordRef": SECRET_REF, "allBranches": BOOL},
    ),
    "bitbucketServer": struct(
        "v1alpha1.SCMProviderGeneratorBitbucketServer",
        {
            "project": STRING,
            "api": STRING,
            "basicAuth": BASIC_AUTH,
            "bearerToken": BEARER_TOKEN,
            "allBranches": BOOL,
            **_SERVER,
        },
    ),
    "gitea": struct(
        "v1alpha1.SCMProviderGeneratorGitea",
        {
            "owner": STRING,
            "api": STRING,
            "tokenRef": SECRET_REF,
            "allBranches": BOOL,
            "insecure": BOOL,
            "excludeArchivedRepos": BOOL,
        },
    ),
    "azureDevOps": struct(
        "v1alpha1.SCMProviderGeneratorAzureDevOps",
        {
            "organization": STRING,
            "api": STRING,
            "teamProject": STRING,
            "accessTokenRef": SECRET_REF,
            "allBranches": BOOL,
        },
    ),
    "awsCodeCommit": struct(
        "v1alpha1.SCMProviderGeneratorAWSCodeCommit",
        {
            "tagFilters": ListOf(struct("v1alpha1.TagFilter", {"key": STRING, "value": STRING})),
            "role": STRING,
            "region": STRING,
            "allBranches": BOOL,
        },
    ),
}

SCM_FILTER = struct(
    "v1alpha1.SCMProviderGeneratorFilter",
    {
        "repositoryMatch": STRING,
        "pathsExist": STRINGS,
        "pathsDoNotExist": STRINGS,
        "labelMatch": STRING,
        "branchMatch": STRING,
    },
)

PULL_REQUEST_PROVIDERS: Fields = {
    "github": struct(
        "v1alpha1.PullRequestGeneratorGithub",
        {
            "owner": STRING,
            "repo": STRING,
            "api": STRING,
            "tokenRef": SECRET_REF,
            "appSecretName": STRING,
            "labels": STRINGS,
        },
    ),
    "gitlab": struct(
        "v1alpha1.PullRequestGeneratorGitLab",
        {
            "project": STRING,
            "api": STRING,
            "tokenRef": SECRET_REF,
            "labels": STRINGS,
            "pullRequestState": STRING,
            **_SERVER,
        },
    ),
    "gitea": struct(
        "v1alpha1.PullRequestGeneratorGitea",
        {
            "owner": STRING,
            "repo": STRING,
            "api": STRING,
            "tokenRef": SECRET_REF,
            "labels": STRINGS,
            "insecure": BOOL,
        },
    ),
    "bitbucketServer": struct(
        "v1alpha1.PullRequestGeneratorBitbucketServer",
        {
            "project": STRING,
            "repo": STRING,
            "api": STRING,
            "basicAuth": BASIC_AUTH,
            "bearerToken": BEARER_TOKEN,
            **_SERVER,
        },
    ),
    "bitbucket": struct(
        "v1alpha1.PullRequestGeneratorBitbucket",
        {
            "owner": STRING,
            "repo": STRING,
            "api": STRING,
            "basicAuth": BASIC_AUTH,
            "bearerToken": BEARER_TOKEN,
        },
    ),
    "azuredevops": struct(
        "v1alpha1.PullRequestGeneratorAzureDevOps",
        {
            "organization": STRING,
            "project": STRING,
            "repo": STRING,
            "api": STRING,
            "tokenRef": SECRET_REF,
            "labels": STRINGS,
        },
    ),
}

PULL_REQUEST_FILTER = struct(
    "v1alpha1.PullRequestGeneratorFilter",
    {"branchMatch": STRING, "targetBranchMatch": STRING, "titleMatch": STRING},
)
