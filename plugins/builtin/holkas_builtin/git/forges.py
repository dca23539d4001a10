"""What the payloads of the forges say, in the words of :class:`RepositoryEvent`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.model.repository_event import RepositoryEvent, RepositoryEventKind

_ZERO = {"0" * 40, "0" * 64}


def github(headers: Mapping[str, str], payload: Mapping[str, Any]) -> RepositoryEvent | None:
    """GitHub, Gitea, Forgejo and Gogs, which send the same fields."""
    kind, identity = _header(headers, "event"), _header(headers, "delivery")
    repository = at(payload, "repository", "clone_url")
    if kind == "ping":
        return RepositoryEvent(id=identity, kind=RepositoryEventKind.PING, repository=repository)
    if kind == "push":
        return _push(identity, repository, at(payload, "ref"), at(payload, "before"), at(payload, "after"))
    if kind == "pull_request":
        return RepositoryEvent(
            id=identity,
            kind=RepositoryEventKind.PULL_REQUEST,
            repository=repository,
            ref=at(payload, "pull_request", "head", "ref"),
            before=at(payload, "before"),
            after=at(payload, "pull_request", "head", "sha"),
            pull_request=at(payload, "number") or at(payload, "pull_request", "number"),
        )
    return None


def gitlab(headers: Mapping[str, str], payload: Mapping[str, Any]) -> RepositoryEvent | None:
    """GitLab: push, tag push and merge request."""
    kind = at(payload, "object_kind")
    identity = headers.get("x-gitlab-event-uuid", "")
    repository = at(payload, "project", "git_http_url")
    if kind in ("push", "tag_push"):
        return _push(identity, repository, at(payload, "ref"), at(payload, "before"), at(payload, "after"))
    if kind == "merge_request":
        return RepositoryEvent(
            id=identity,
            kind=RepositoryEventKind.PULL_REQUEST,
            repository=repository,
            ref=at(payload, "object_attributes", "source_branch"),
            before=at(payload, "object_attributes", "oldrev"),
            after=at(payload, "object_attributes", "last_commit", "id"),
            pull_request=at(payload, "object_attributes", "iid"),
        )
    return None


def bitbucket(headers: Mapping[str, str], payload: Mapping[str, Any]) -> RepositoryEvent | None:
    """Bitbucket Cloud (``repo:push``) and Data Center (``repo:refs_changed``). The last of several changes counts."""
    key = headers.get("x-event-key", "")
    identity = headers.get("x-request-uuid") or headers.get("x-request-id", "")
    repository = at(payload, "repository", "links", "html", "href") or at(payload, "repository", "slug")
    if key == "diagnostics:ping":
        return RepositoryEvent(id=identity, kind=RepositoryEventKind.PING, repository=repository)
    if key == "repo:push":
        push = payload.get("push")
        change = _last(push.get("changes") if isinstance(push, dict) else None)
        prefix = (
            "refs/tags/" if "tag" in (at(change, "new", "type"), at(change, "old", "type")) else "refs/heads/"
        )
        name = at(change, "new", "name") or at(change, "old", "name")
        before, after = at(change, "old", "target", "hash"), at(change, "new", "target", "hash")
        return _push(identity, repository, prefix + name, before, after) if name else None
    if key == "repo:refs_changed":
        change = _last(payload.get("changes"))
        ref = at(change, "ref", "id")
        return _push(identity, repository, ref, at(change, "fromHash"), at(change, "toHash")) if ref else None
    if key.startswith(("pullrequest:", "pr:")):
        cloud = "pullrequest" in payload
        request = payload.get("pullrequest") if cloud else payload.get("pullRequest")
        return RepositoryEvent(
            id=identity,
            kind=RepositoryEventKind.PULL_REQUEST,
            repository=repository,
            ref=at(request, "source", "branch", "name") if cloud else at(request, "fromRef", "displayId"),
            after=at(request, "source", "commit", "hash")
            if cloud
            else at(request, "fromRef", "latestCommit"),
            pull_request=at(request, "id"),
        )
    return None


def _header(headers: Mapping[str, str], what: str) -> str:
    """A header of the forge's own, the first that is there: Gitea sends GitHub's too."""
    names = (f"x-{forge}-{what}" for forge in ("github", "gitea", "forgejo", "gogs"))
    return next((headers[name] for name in names if name in headers), "")


def _push(identity: str, repository: str, ref: str, before: str, after: str) -> RepositoryEvent:
    kind = RepositoryEventKind.TAG if ref.startswith("refs/tags/") else RepositoryEventKind.PUSH
    return RepositoryEvent(
        id=identity,
        kind=kind,
        repository=repository,
        ref=ref.removeprefix("refs/heads/").removeprefix("refs/tags/"),
        before="" if before in _ZERO else before,
        after="" if after in _ZERO else after,
    )


def _last(changes: Any) -> Mapping[str, Any]:
    last = changes[-1] if isinstance(changes, list) and changes else None
    return last if isinstance(last, dict) else {}


def at(payload: Any, *keys: str) -> str:
    """A text somewhere in a payload; empty where there is none."""
    for key in keys:
        payload = payload.get(key) if isinstance(payload, dict) else None
    return "" if payload is None or isinstance(payload, dict | list) else str(payload)
