"""Annotations that steer syncing and comparing, on Argo CD's own documents (Argo CD, "Annotations and Labels")."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from holkas.gitops.go_url import UrlError, parse_url
from holkas.model.finding import Severity

from holkas_compat.argocd.validation.codes import (
    BAD_ANNOTATION,
    BAD_MANAGED_BY_URL,
    UNKNOWN_ANNOTATION,
)
from holkas_compat.argocd.validation.scope import Scope
from holkas_compat.argocd.validation.sync_options import check_sync_option
from holkas_compat.manifest.shape import record
from holkas_compat.manifest.suggest import did_you_mean

PREFIX = "argocd.argoproj.io/"
HOOKS = ("PreSync", "Sync", "PostSync", "SyncFail", "Skip", "PreDelete", "PostDelete")
DELETE_POLICIES = ("HookSucceeded", "HookFailed", "BeforeHookCreation")
COMPARE_OPTIONS = (
    "IgnoreExtraneous",
    "ServerSideDiff=true",
    "ServerSideDiff=false",
    "IncludeMutationWebhook=true",
)
_WAVE = re.compile(r"[+-]?\d+\Z", re.ASCII)
_OTHERS = (
    "application-set-refresh", "hydrate", "ignore-default-links", "ignore-healthcheck", "ignore-resource-updates",
    "managed-by-url", "manifest-generate-paths", "refresh", "skip-reconcile", "tracking-id",
    "installation-id", "deletion-approved", "last-transition-time", "kubectl-apply",
)  # fmt: skip


def managed_by_url_fault(url: str) -> str:
    """What is wrong with the address of another Argo CD; empty if nothing is. Only http and https will do.

    Source: util/settings (``ValidateExternalURL``).
    """
    try:
        scheme = parse_url(url).scheme
    except UrlError as error:
        return f'invalid managed-by URL: failed to parse URL: parse "{url}": {error}'
    if url and scheme not in ("http", "https"):
        return "invalid managed-by URL: URL must include http or https protocol"
    return ""


def is_annotated(document: Any) -> bool:
    """Whether a document has an annotation for Argo CD."""
    annotations = record(record(record(document).get("metadata")).get("annotations"))
    return any(isinstance(name, str) and name.startswith(PREFIX) for name in annotations)


def check_annotations(obj: Mapping[str, Any], scope: Scope) -> None:
    """Names that Argo CD nearly has, and values that it would ignore."""
    here = scope.at("metadata", "annotations")
    for name, value in record(record(obj.get("metadata")).get("annotations")).items():
        if not name.startswith(PREFIX) or not isinstance(value, str) or here.is_open(value):
            continue
        check = _CHECKS.get(name.removeprefix(PREFIX))
        if check is not None:
            check(value, here.at(name))
        elif name.removeprefix(PREFIX) not in _OTHERS:
            near = did_you_mean(name.removeprefix(PREFIX), (*_CHECKS, *_OTHERS))
            if near:
                here.warn(UNKNOWN_ANNOTATION, f'Argo CD has no annotation "{name}"', name, hint=near)


def _wave(value: str, scope: Scope) -> None:
    if not _WAVE.match(value):
        scope.warn(
            BAD_ANNOTATION, f'"{value}" is no number: the wave is 0', hint="write a whole number in quotes"
        )


def _words(known: tuple[str, ...], what: str) -> Callable[[str, Scope], None]:
    def check(value: str, scope: Scope) -> None:
        for word in filter(None, map(str.strip, value.split(","))):
            if word not in known:
                hint = did_you_mean(word, known) or f"there are {', '.join(known)}"
                scope.report(
                    BAD_ANNOTATION,
                    f'Argo CD has no {what} "{word}"',
                    within=word,
                    hint=hint,
                    severity=Severity.WARNING,
                )

    return check


def _options(value: str, scope: Scope) -> None:
    for word in filter(None, map(str.strip, value.split(","))):
        check_sync_option(word, scope)


def _managed_by(value: str, scope: Scope) -> None:
    fault = managed_by_url_fault(value)
    if fault:
        scope.error(BAD_MANAGED_BY_URL, fault)


_CHECKS: Mapping[str, Callable[[str, Scope], None]] = {
    "sync-wave": _wave,
    "hook": _words(HOOKS, "hook"),
    "hook-delete-policy": _words(DELETE_POLICIES, "deletion policy"),
    "compare-options": _words(COMPARE_OPTIONS, "compare option"),
    "sync-options": _options,
    "managed-by-url": _managed_by,
    "refresh": _words(("normal", "hard"), "way to refresh"),
}
