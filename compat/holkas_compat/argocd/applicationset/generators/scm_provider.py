"""``scmProvider``: the repositories of an organisation.

Source: Argo CD's documentation, "SCM Provider Generator".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas_compat.argocd.applicationset.errors import GenerationError
from holkas_compat.argocd.applicationset.forge import ForgeRepository, select_repositories
from holkas_compat.argocd.applicationset.functions import normalize
from holkas_compat.argocd.applicationset.generators.given import Given
from holkas_compat.argocd.applicationset.params import add_values
from holkas_compat.argocd.applicationset.substitution import Params

PROVIDERS = ("github", "gitlab", "gitea", "bitbucketServer", "azureDevOps", "bitbucket", "awsCodeCommit")


def generate(config: Mapping[str, Any], given: Given) -> list[Params]:
    """One set a branch of a repository that the filters let through."""
    provider = next((name for name in PROVIDERS if isinstance(config.get(name), Mapping)), "")
    if not provider:
        raise GenerationError("no SCM provider implementation configured")
    found = given.world.outside.repositories(provider, config)
    made = [params(one) for one in select_repositories(found, config.get("filters"))]
    for one in made:
        try:
            add_values(config.get("values"), one, given.how)
        except GenerationError as error:
            raise GenerationError(
                f"failed to append templated values: {error}", path=("values",), code=error.code
            ) from error
    return made


def params(one: ForgeRepository) -> Params:
    """The parameters of a branch of a repository."""
    return {
        "organization": one.organization,
        "repository": one.repository,
        "repository_id": one.id,
        "url": one.url,
        "branch": one.branch,
        "sha": one.sha,
        "short_sha": one.sha[:8],
        "short_sha_7": one.sha[:7],
        "labels": ",".join(one.labels),
        "branchNormalized": normalize(one.branch),
    }
