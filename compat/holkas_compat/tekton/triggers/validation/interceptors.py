"""Interceptors: as a trigger names them, and the kinds that describe further ones.

Source: pkg/apis/triggers/*/{trigger,interceptor,cluster_interceptor}_validation.go.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas_compat.manifest.shape import record, records, text
from holkas_compat.tekton.triggers.codes import EXCLUSIVE, INVALID, MISSING
from holkas_compat.tekton.triggers.headers import canonical_name
from holkas_compat.tekton.triggers.schema.interceptor import OLD_FORMS
from holkas_compat.tekton.validation.names import check_metadata
from holkas_compat.tekton.validation.scope import Scope


def check_interceptors(interceptors: Any, scope: Scope) -> None:
    """The interceptors of a trigger, with their defaults."""
    for index, interceptor in enumerate(records(interceptors)):
        here = scope.at(index)
        given = [name for name in (*OLD_FORMS, "webhook") if interceptor.get(name) is not None]
        if len(given) > 1:
            fields = [f"interceptor.{name}" for name in given]
            here.report(EXCLUSIVE, f"the interceptor is {' and '.join(given)} at once", *fields)
        elif not given and not text(record(interceptor.get("ref")).get("name")):
            here.report(MISSING, "the interceptor has no ref with a name", "interceptor")
        if interceptor.get("webhook") is not None:
            _check_webhook(record(interceptor["webhook"]), here.at("webhook", field="interceptor.webhook"))


def check_interceptor_kind(obj: dict[str, Any], scope: Scope) -> None:
    """An Interceptor or ClusterInterceptor."""
    check_metadata(obj, scope)
    config = record(record(obj.get("spec")).get("clientConfig"))
    here = scope.at("spec", "clientConfig")
    if config.get("url") is not None and config.get("service") is not None:
        here.report(EXCLUSIVE, "the interceptor has a url and a service", "url", "service")
    if config.get("service") is not None:
        for key in ("namespace", "name"):
            if not text(record(config["service"]).get(key)):
                here.at("service").report(MISSING, f"the service has no {key}", key)


def _check_webhook(webhook: Mapping[str, Any], scope: Scope) -> None:
    if webhook.get("objectRef") is None:
        scope.report(MISSING, "the webhook has no objectRef", "objectRef")
    else:
        ref, here = record(webhook["objectRef"]), scope.at("objectRef")
        for key, wanted in (("kind", "Service"), ("apiVersion", "v1")):
            if not text(ref.get(key)):
                here.report(MISSING, f"the webhook's objectRef has no {key}", key, hint=f"write {wanted}")
            elif ref[key] != wanted:
                message = f'the webhook cannot be of {key} "{ref[key]}"'
                here.report(INVALID, message, key, at=(key,), hint=f"write {wanted}")
    for index, header in enumerate(records(webhook.get("header"))):
        name, here = text(header.get("name")), scope.at("header", index)
        if not name or canonical_name(name) != name:
            hint = f"write {canonical_name(name)}" if name else ""
            here.report(
                INVALID, f'"{name}" is no canonical name of a header', "name", at=("name",), hint=hint
            )
        if not header.get("value"):
            here.report(INVALID, f'header "{name}" has no value', "value")
