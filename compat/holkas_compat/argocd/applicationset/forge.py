"""Repositories and pull requests of forges, and the filters that generators put on them.

Source: Argo CD's documentation, "SCM Provider Generator" and "Pull Request Generator", "Filters".
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any

from holkas.model.pull_request import PullRequest
from holkas.records import dataclass

from holkas_compat.argocd.applicationset.errors import GenerationError
from holkas_compat.gotemplate.errors import FunctionError
from holkas_compat.gotemplate.quoting import quoted
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
    paths: Container[str] = frozenset()


_REPOSITORY = ("repositoryMatch", "labelMatch")
_BRANCH = ("branchMatch", "pathsExist", "pathsDoNotExist")


def _read(entry: Mapping[str, Any], *names: str) -> Mapping[str, Callable[[str], bool]]:
    """What tells whether a text fits, for each of these fields that a filter has. Raises GenerationError."""
    return {name: _expression(str(entry[name]), name) for name in names if entry.get(name) is not None}


def _expression(pattern: str, name: str) -> Callable[[str], bool]:
    try:
        matches(pattern, "")
    except FunctionError as error:
        title = name[:1].upper() + name[1:]
        raise GenerationError(
            f"error listing repos: error compiling {title} regexp {quoted(pattern)}: {error}"
        ) from error
    return lambda text: matches(pattern, text)


def select_repositories(
    repositories: Sequence[ForgeRepository], filters: Sequence[Mapping[str, Any]] | None
) -> list[ForgeRepository]:
    """Those that a filter of repositories fits, and a filter of branches, as far as there are any.

    A filter that asks for a branch or for files is one of branches, whatever else it asks for; one that asks for
    nothing is none. Raises GenerationError.
    """
    groups = _groups(filters)
    return [
        one
        for one in repositories
        if all(not group or any(_branch_fits(one, *filter) for filter in group) for group in groups)
    ]


def repository_test(filters: Sequence[Mapping[str, Any]] | None) -> Callable[[ForgeRepository], bool]:
    """Tells whether any branch of a repository could be selected, before its branches are known.

    Raises GenerationError.
    """
    groups = _groups(filters)
    return lambda one: all(
        not group or any(_repository_fits(one, tests) for _, tests in group) for group in groups
    )


_Tests = Mapping[str, Callable[[str], bool]]
_Filters = list[tuple[Mapping[str, Any], _Tests]]


def _groups(filters: Sequence[Mapping[str, Any]] | None) -> list[_Filters]:
    """The filters of repositories, and those of branches."""
    tests: _Filters = [(entry, _read(entry, *_REPOSITORY, "branchMatch")) for entry in filters or ()]
    by_branch = [one for one in tests if any(one[0].get(name) is not None for name in _BRANCH)]
    return [[one for one in tests if one not in by_branch and one[1]], by_branch]


def _repository_fits(one: ForgeRepository, tests: _Tests) -> bool:
    texts = {"repositoryMatch": (one.repository,), "labelMatch": one.labels}
    return all(any(map(tests[name], texts[name])) for name in texts if name in tests)


def _branch_fits(one: ForgeRepository, entry: Mapping[str, Any], tests: _Tests) -> bool:
    if not _repository_fits(one, tests) or not (
        "branchMatch" not in tests or tests["branchMatch"](one.branch)
    ):
        return False
    wanted, unwanted = (
        [str(path).rstrip("/") for path in entry.get(name) or ()]
        for name in ("pathsExist", "pathsDoNotExist")
    )
    return all(path in one.paths for path in wanted) and not any(path in one.paths for path in unwanted)


def select_pull_requests(
    requests: Sequence[PullRequest], filters: Sequence[Mapping[str, Any]] | None
) -> list[PullRequest]:
    """Those that all conditions of any filter fit; all without filters. Raises GenerationError."""
    tests = [_read(entry, "branchMatch", "targetBranchMatch", "titleMatch") for entry in filters or ()]
    if not tests:
        return list(requests)
    return [one for one in requests if any(_request_fits(one, test) for test in tests)]


def _request_fits(one: PullRequest, tests: Mapping[str, Callable[[str], bool]]) -> bool:
    texts = {"branchMatch": one.branch, "targetBranchMatch": one.base, "titleMatch": one.title}
    return all(test(texts[name]) for name, test in tests.items())


_HOSTS = {
    "github": "https://github.com",
    "gitlab": "https://gitlab.com",
    "gitea": "",
    "bitbucketServer": "",
    "bitbucket": "https://bitbucket.org",
    "azuredevops": "https://dev.azure.com",
    "azureDevOps": "https://dev.azure.com",
}


def host_url(provider: str, config: Mapping[str, Any]) -> str:
    """Where people see the forge whose ``api`` a generator names; the public one's where it names none."""
    host = str(config.get("api") or _HOSTS[provider]).rstrip("/")
    return (
        host.replace("https://api.github.com", _HOSTS["github"])
        .removesuffix("/api/v3")
        .removesuffix("/api/v4")
    )


def repository_url(provider: str, config: Mapping[str, Any]) -> str:
    """The URL of the repository that a pull request generator names. Raises GenerationError.

    api: where the forge is not the public one.
    """
    if provider not in _HOSTS:
        raise GenerationError("no Pull Request provider implementation configured")
    host = host_url(provider, config)
    if provider == "gitlab":
        path = str(config.get("project", ""))
    elif provider == "azuredevops":
        path = f"{config.get('organization', '')}/{config.get('project', '')}/_git/{config.get('repo', '')}"
    elif provider == "bitbucketServer":
        path = f"scm/{config.get('project', '')}/{config.get('repo', '')}"
    else:
        path = f"{config.get('owner', '')}/{config.get('repo', '')}"
    return f"{host}/{path}"
