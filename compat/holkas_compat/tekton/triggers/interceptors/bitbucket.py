"""Bitbucket: event types, and the signatures of Bitbucket Server (pkg/interceptors/bitbucket/bitbucket.go)."""

from __future__ import annotations

from typing import Any

from holkas_compat.tekton.triggers.headers import first
from holkas_compat.tekton.triggers.interceptors.params import check_event_type, params_of, secret_of
from holkas_compat.tekton.triggers.interceptors.request import Request, Stop
from holkas_compat.tekton.triggers.interceptors.signature import check_signature


def bitbucket(request: Request) -> dict[str, Any]:
    """No extensions."""
    params = params_of("bitbucket", request)
    check_event_type("bitbucket", params, first(request.headers, "X-Event-Key"))
    secret = secret_of("bitbucket", params, request)
    if secret is not None:
        signature = first(request.headers, "X-Hub-Signature")
        if not signature:
            raise Stop("the event has no X-Hub-Signature")
        check_signature(signature, request.body, secret)
    return {}
