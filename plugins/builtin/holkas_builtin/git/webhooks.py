"""Webhooks of GitHub, GitLab, Gitea (Forgejo) and Bitbucket: who sent it, and what it says in one form for all.

Sources: GitHub Docs, "Validating webhook deliveries"; GitLab Docs, "Webhooks"; Gitea Docs, "Webhooks"; Atlassian
Support, "Manage webhooks" and "Event payloads" (Bitbucket Cloud and Data Center).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping

from holkas.model.repository_event import RepositoryEvent
from holkas.model.secret import Secret
from holkas.roles.errors import AccessDenied, ToolError

MAX_BODY = 25 * 1024 * 1024
"""GitHub's own limit, the largest of the four."""

_SIGNED = (
    "x-hub-signature-256",
    "x-gitea-signature",
    "x-forgejo-signature",
    "x-gogs-signature",
    "x-hub-signature",
)


def received(headers: Mapping[str, str], body: bytes, secret: Secret) -> RepositoryEvent | None:
    """What a webhook says; None for an event of no interest.

    headers: names in lower case. Raises AccessDenied for a signature that is missing or wrong, also where no secret
    is set: anybody could have sent it. ToolError for a body that is not what the forge would send.
    """
    if not secret.reveal() or not _genuine(headers, body, secret):
        raise AccessDenied("the webhook's signature is missing or wrong")
    if len(body) > MAX_BODY:
        raise ToolError(f"the webhook's body has more than {MAX_BODY} bytes")
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        raise ToolError("the webhook's body is not JSON") from None
    if not isinstance(payload, dict):
        raise ToolError("the webhook's body is not an object")
    from . import forges

    if "x-gitlab-event" in headers:
        return forges.gitlab(headers, payload)
    if "x-event-key" in headers:
        return forges.bitbucket(headers, payload)
    return forges.github(headers, payload)


def _genuine(headers: Mapping[str, str], body: bytes, secret: Secret) -> bool:
    """Whether the sender knows the secret; compared in constant time."""
    token = headers.get("x-gitlab-token")
    if token is not None:
        return hmac.compare_digest(token.encode("utf-8", "replace"), secret.reveal())
    expected = hmac.new(secret.reveal(), body, hashlib.sha256).hexdigest()
    for name in _SIGNED:
        if (given := headers.get(name)) is not None:
            return hmac.compare_digest(
                given.removeprefix("sha256=").encode("utf-8", "replace"), expected.encode()
            )
    return False
