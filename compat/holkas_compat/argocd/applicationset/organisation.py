"""The repositories of an organisation, as a version control lists them and a ``scmProvider`` asks for them.

Source: Argo CD's documentation, "SCM Provider Generator", and the providers below applicationset/services/scm_provider.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from holkas.model.hosted_repository import HostedRepository
from holkas.model.revision import Revision
from holkas.records import dataclass
from holkas.roles.errors import NotFound, ToolError
from holkas.roles.version_control import VersionControl

from holkas_compat.argocd.applicationset.codes import OUT_OF_REACH
from holkas_compat.argocd.applicationset.errors import GenerationError
from holkas_compat.argocd.applicationset.forge import ForgeRepository, host_url, repository_test

_OWNERS = {
    "github": ("organization",),
    "gitlab": ("group",),
    "gitea": ("owner",),
    "bitbucketServer": ("project",),
    "bitbucket": ("owner",),
    "azureDevOps": ("organization", "teamProject"),
}
SERVED = frozenset(_OWNERS)
"""The providers whose owners have a URL; AWS CodeCommit has regions and roles instead."""

_TITLES = {
    "github": "GitHub",
    "gitlab": "Gitlab",
    "gitea": "GitHub",
    "bitbucketServer": "Bitbucket Server",
    "bitbucket": "Bitbucket cloud",
}
"""As the original's messages call them; Gitea is called GitHub there too. Azure DevOps has one URL, whatever is asked."""

_AS_CONFIGURED = ("gitea", "bitbucket", "azureDevOps")
"""Whose ``organization`` is the configured text; for the others it is the forge's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paths:
    """The paths of a revision; each is asked for when a filter wants to know."""

    tool: VersionControl
    revision: Revision

    def __contains__(self, path: object) -> bool:
        try:
            return self.tool.has_path(self.revision, str(path))
        except ToolError as error:
            raise refused(error) from error


def refused(error: ToolError) -> GenerationError:
    """What a version control's refusal is for the generator."""
    return GenerationError(f"error listing repos: {error}", code=OUT_OF_REACH, hint=error.hint)


def owner_url(provider: str, settings: Mapping[str, Any]) -> str:
    """The URL of the organisation, group or project whose repositories are wanted. Raises GenerationError."""
    names = [str(settings.get(key) or "") for key in _OWNERS[provider]]
    if not all(names):
        raise GenerationError(f"{provider} needs {' and '.join(_OWNERS[provider])}")
    host = host_url(provider, settings)
    if urlsplit(host).scheme not in ("http", "https"):
        raise GenerationError(f"{provider} needs api, the HTTP address of the forge", path=(provider, "api"))
    lead = ("projects",) if provider == "bitbucketServer" else ()
    return "/".join((host, *lead, *names))


def listed(tool: VersionControl, provider: str, config: Mapping[str, Any]) -> list[ForgeRepository]:
    """One entry a branch: the default one's, or all with ``allBranches``.

    config: the generator's. Only those repositories are asked for branches that its filters of repositories let
    through, and no paths before filters of branches want them. Raises GenerationError.
    """
    settings: Mapping[str, Any] = config[provider]
    protocol = str(config.get("cloneProtocol") or "")
    if protocol not in ("", "ssh", "https") and provider in _TITLES:
        raise GenerationError(
            f"error listing repos: unknown clone protocol for {_TITLES[provider]} {protocol}",
            path=("cloneProtocol",),
        )
    try:
        may_fit = repository_test(config.get("filters"))
        nested = provider == "gitlab" and bool(settings.get("includeSubgroups"))
        known = tool.repositories(owner_url(provider, settings), nested=nested)
        shown_as = [(_shown(one, provider, settings, protocol), one) for one in known]
        return [
            replace(shown, branch=revision.ref, sha=revision.id, paths=_Paths(tool=tool, revision=revision))
            for shown, one in shown_as
            if _wanted(one, provider, settings) and may_fit(shown)
            for revision in _branches(tool, one, every=bool(settings.get("allBranches")))
        ]
    except ToolError as error:
        raise refused(error) from error


def _shown(
    one: HostedRepository, provider: str, settings: Mapping[str, Any], protocol: str
) -> ForgeRepository:
    if provider == "azureDevOps" or protocol == "https":
        url = one.url
    else:
        url = one.ssh_url if protocol else one.ssh_url or one.url
    configured = str(settings.get(_OWNERS[provider][0])) if provider in _AS_CONFIGURED else ""
    return ForgeRepository(
        organization=configured or one.owner,
        repository=one.name,
        url=url,
        branch=one.default_branch,
        sha="",
        labels=one.labels,
        id=one.id,
    )


def _wanted(one: HostedRepository, provider: str, settings: Mapping[str, Any]) -> bool:
    """Whether the provider's own settings let it through."""
    if provider != "gitlab":
        return not (one.archived and settings.get("excludeArchivedRepos"))
    topic, group = str(settings.get("topic") or ""), str(settings.get("group") or "").strip("/")
    shared = settings.get("includeSharedProjects") is not False or group.isdigit()
    return (
        (not one.archived or bool(settings.get("includeArchivedRepos")))
        and (not topic or topic in one.labels)
        and (shared or f"{one.owner}/".startswith(f"{group}/"))
    )


def _branches(tool: VersionControl, one: HostedRepository, *, every: bool) -> list[Revision]:
    """The default branch, or all; none of an empty repository."""
    if every:
        return list(tool.branches(one.url))
    if not one.default_branch:
        return []
    try:
        found = tool.resolve(one.url, one.default_branch)
    except NotFound:
        return []
    return [Revision(repository=one.url, id=found.id, ref=one.default_branch)]
