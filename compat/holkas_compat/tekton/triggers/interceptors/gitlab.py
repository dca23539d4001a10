"""GitLab: event types and tokens (pkg/interceptors/gitlab/gitlab.go)."""

from __future__ import annotations

import hmac
from typing import Any

from holkas_compat.tekton.triggers.headers import first
from holkas_compat.tekton.triggers.interceptors.params import check_event_type, params_of, secret_of
from holkas_compat.tekton.triggers.interceptors.request import Request, Stop


def gitlab(request: Request) -> dict[str, Any]:
    """No extensions."""
    params = params_of("gitlab", request)
    check_event_type("gitlab", params, first(request.headers, "X-GitLab-Event"))
    secret = secret_of("gitlab", params, request)
    if secret is not None:
        token = first(request.headers, "X-GitLab-Token")
        if not token:
            raise Stop("the event has no X-Gitlab-Token")
        if not hmac.compare_digest(token.encode("utf-8", "surrogateescape"), secret):
            raise Stop("the X-Gitlab-Token is wrong")
    return {}
