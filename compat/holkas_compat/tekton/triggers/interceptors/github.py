"""GitHub: event types and signatures (pkg/interceptors/github/github.go)."""

from __future__ import annotations

from typing import Any

from holkas_compat.tekton.triggers.headers import first
from holkas_compat.tekton.triggers.interceptors.params import check_event_type, params_of, secret_of
from holkas_compat.tekton.triggers.interceptors.request import Request, Stop
from holkas_compat.tekton.triggers.interceptors.signature import check_signature

_CHANGED_FILES = ("pull_request", "push")
_OWNERS = ("pull_request", "issue_comment")


def github(request: Request) -> dict[str, Any]:
    """No extensions. Stops at what would have to ask GitHub: changed files of a pull request, owners."""
    if first(request.headers, "Content-Type") == "application/x-www-form-urlencoded":
        raise Stop("the webhook sends a form: choose application/json in its settings")
    params = params_of("github", request)
    event = first(request.headers, "X-GitHub-Event")
    check_event_type("github", params, event)
    secret = secret_of("github", params, request)
    if secret is not None:
        signature = first(request.headers, "X-Hub-Signature-256") or first(request.headers, "X-Hub-Signature")
        if not signature:
            raise Stop("the event has no X-Hub-Signature-256 and no X-Hub-Signature")
        check_signature(signature, request.body, secret)
    for name, events in (("addChangedFiles", _CHANGED_FILES), ("githubOwners", _OWNERS)):
        if params.get(name, {}).get("enabled") and event in events:
            raise Stop(f"{name} asks GitHub, and holkas renders events without asking anybody", broken=True)
    return {}
