"""Slack: fields of a slash command's form (pkg/interceptors/slack/slack.go). Signatures are not verified there either."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from holkas_compat.tekton.triggers.headers import first
from holkas_compat.tekton.triggers.interceptors.params import params_of
from holkas_compat.tekton.triggers.interceptors.request import Request, Stop

FORM = "application/x-www-form-urlencoded"


def slack(request: Request) -> dict[str, Any]:
    """The requested fields, each a list of its values."""
    if first(request.headers, "Content-Type") != FORM or not first(request.headers, "X-Slack-Signature"):
        raise Stop("the event is no form with an X-Slack-Signature")
    fields = params_of("slack", request).get("requestedFields")
    if fields is None:
        raise Stop("interceptor slack has no requestedFields", broken=True)
    try:
        form = parse_qs(request.body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=1000)
    except ValueError:
        raise Stop("the form has more than 1000 fields") from None
    for name in fields:
        if name not in form:
            raise Stop(f"the form has no field {name}")
    return {name: form[name] for name in fields}
