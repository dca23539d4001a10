"""Repositories and pull requests of forges, and the filters that generators put on them.

Source: Argo CD's documentation, "SCM Provider Generator" and "Pull Request Generator", "Filters".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from holkas.model.pull_request import PullRequest
from holkas.records import dataclass

from holkas_compat.argocd.applicationset.errors import GenerationError
from holkas_compat.gotemplate.errors import FunctionError
from holkas_compat.gotemplate.sprig.patterns import matches


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgeRepository:
    """One branch of one repository. id: the forge's own, None where it has none. paths: those of its files that
    filters may ask for."""

    organization: str
    repository: str
    url: str
    branch: str
    sha: str
    labels: tuple[str, ...] = ()
    id: Any = None
    paths: frozenset[str] = frozenset()


def _found(pattern: Any, text: str, what: str) -> bool:
    try:
        return matches(str(pattern), text)
    except FunctionError as error:
        raise GenerationError(f"error compiling {what} regexp {pattern!r}: {error}") from error


def select_repositories(
    repositories: Sequence[ForgeRepository], filters: Sequence[Mapping[str, Any]] | None
) -> list[ForgeRepository]:
    """Those that all conditions of any filter fit; all without filters. Raises GenerationError."""
    if not filters:
        return list(repositories)
    return [one for one in repositories if any(_repository_fits(one, entry) for entry in filters)]


def _repository_fits(one: ForgeRepository, entry: Mapping[str, Any]) -> bool:
    checks: list[Callable[[], bool]] = []
    if pattern := entry.get("repositoryMatch"):
        checks.append(lambda: _found(pattern, one.repository, "RepositoryMatch"))
    if label := entry.get("labelMatch"):
        checks.append(lambda: any(_found(label, name, "LabelMatch") for name in one.labels))
    if branch := entry.get("branchMatch"):
        checks.append(lambda: _found(branch, one.branch, "BranchMatch"))
    if wanted := entry.get("pathsExist"):
        checks.append(lambda: all(str(path) in one.paths for path in wanted))
    if unwanted := entry.get("pathsDoNotExist"):
        checks.append(lambda: not any(str(path) in one.paths for path in unwanted))
    return all(check() for check in checks)


def select_pull_requests(
    requests: Sequence[PullRequest], filters: Sequence[Mapping[str, Any]] | None
) -> list[PullRequest]:
    """Those that all conditions of any filter fit; all without filters. Raises GenerationError."""
    if not filters:
        return list(requests)
    return [one for one in requests if any(_request_fits(one, entry) for entry in filters)]


def _request_fits(one: PullRequest, entry: Mapping[str, Any]) -> bool:
    texts = (
        ("branchMatch", one.branch, "BranchMatch"),
        ("targetBranchMatch", one.base, "TargetBranchMatch"),
        ("titleMatch", one.title, "TitleMatch"),
    )
    return all(not entry.get(key) or _found(entry[key], text, what) for key, text, what in texts)


def repository_url(provider: str, config: Mapping[str, Any]) -> str:
    """The URL of the repository that a pull request generator names. Raises GenerationError.

    api: where the forge is not the public one.
    """
    hosts = {
        "github": "https://github.com",
        "gitlab": "https://gitlab.com",
        "gitea": "",
        "bitbucketServer": "",
    }
    hosts |= {"bitbucket": "https://bitbucket.org", "azuredevops": "https://dev.azure.com"}
    if provider not in hosts:
        raise GenerationError("no Pull Request provider implementation configured")
    host = str(config.get("api") or hosts[provider]).rstrip("/")
    host = (
        host.replace("https://api.github.com", hosts["github"])
        .removesuffix("/api/v3")
        .removesuffix("/api/v4")
    )
    if provider == "gitlab":
        path = str(config.get("project", ""))
    elif provider == "azuredevops":
        path = f"{config.get('organization', '')}/{config.get('project', '')}/_git/{config.get('repo', '')}"
    elif provider == "bitbucketServer":
        path = f"scm/{config.get('project', '')}/{config.get('repo', '')}"
    else:
        path = f"{config.get('owner', '')}/{config.get('repo', '')}"
    return f"{host}/{path}"
