"""Applications (util/argo, ``ValidatePermissions`` and ``GetDestinationCluster``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas_compat.argocd.validation.codes import (
    BAD_HISTORY,
    BAD_POINTER,
    DESTINATION_MISSING,
    DESTINATION_TWICE,
    IGNORES_NOTHING,
    NAMESPACE_METADATA,
    NO_SOURCE,
    SOURCE_IGNORED,
)
from holkas_compat.argocd.validation.durations import check_duration
from holkas_compat.argocd.validation.scope import Scope
from holkas_compat.argocd.validation.source import check_references, check_renderers, check_source
from holkas_compat.argocd.validation.sync_options import check_sync_options
from holkas_compat.manifest.shape import record, records, text, texts


def check_application(obj: Mapping[str, Any], scope: Scope) -> None:
    """An Application."""
    if isinstance(obj.get("spec"), Mapping):
        check_spec(obj["spec"], scope.at("spec"))
    sync = record(record(obj.get("operation")).get("sync"))
    check_sync_options(sync.get("syncOptions"), scope.at("operation", "sync", "syncOptions"))
    _check_retry(record(obj.get("operation")).get("retry"), scope.at("operation", "retry"))


def check_spec(spec: Mapping[str, Any], scope: Scope) -> None:
    """The spec of an Application or of a template that stands for itself."""
    _check_sources(spec, scope)
    destination = record(spec.get("destination"))
    server, name = text(destination.get("server")), text(destination.get("name"))
    if server and name and not (scope.is_open(server) or scope.is_open(name)):
        message = f"application destination can't have both name and server defined: {name} {server}"
        scope.error(DESTINATION_TWICE, f"InvalidSpecError: {message}", "destination", "name")
    elif "destination" in spec and not server and not name:
        message = "InvalidSpecError: the destination has neither server nor name"
        scope.error(DESTINATION_MISSING, message, "destination", hint="write server or name")
    check_policy(spec, scope)


def check_policy(spec: Mapping[str, Any], scope: Scope) -> None:
    """What is neither source nor destination; a template for others may have only this."""
    policy, here = record(spec.get("syncPolicy")), scope.at("syncPolicy")
    check_sync_options(policy.get("syncOptions"), here.at("syncOptions"))
    _check_retry(policy.get("retry"), here.at("retry"))
    if policy.get("managedNamespaceMetadata") and "CreateNamespace=true" not in texts(
        policy.get("syncOptions")
    ):
        message = "managedNamespaceMetadata has no effect without the sync option CreateNamespace=true"
        here.warn(NAMESPACE_METADATA, message, "managedNamespaceMetadata")
    limit = spec.get("revisionHistoryLimit")
    if isinstance(limit, int) and limit < 0:
        scope.error(BAD_HISTORY, "the limit of the history is less than 0", "revisionHistoryLimit")
    for index, entry in enumerate(records(spec.get("ignoreDifferences"))):
        _check_ignore(entry, scope.at("ignoreDifferences", index))


def _check_sources(spec: Mapping[str, Any], scope: Scope) -> None:
    sources, source, hydrator = spec.get("sources"), spec.get("source"), spec.get("sourceHydrator")
    if isinstance(hydrator, Mapping):
        check_renderers(record(hydrator.get("drySource")), scope.at("sourceHydrator", "drySource"))
        for name in ("source", "sources"):
            if spec.get(name):
                scope.warn(SOURCE_IGNORED, f"with a sourceHydrator {name} is ignored", name)
        return
    if isinstance(sources, list) and sources:
        if isinstance(source, Mapping):
            scope.warn(SOURCE_IGNORED, "with sources, source is ignored", "source")
        for index, entry in enumerate(records(sources)):
            check_source(entry, scope.at("sources", index), multiple=True)
        check_references(records(sources), scope.at("sources"))
    elif isinstance(source, Mapping):
        check_source(source, scope.at("source"), multiple=False)
    else:
        message = "spec.source.repoURL and either spec.source.path or spec.source.chart are required"
        scope.error(NO_SOURCE, f"InvalidSpecError: {message}", hint="add source or sources")


def _check_retry(value: Any, scope: Scope) -> None:
    backoff = record(record(value).get("backoff"))
    for name in ("duration", "maxDuration"):
        check_duration(backoff.get(name), scope.at("backoff"), name)


def _check_ignore(entry: Mapping[str, Any], scope: Scope) -> None:
    pointers = texts(entry.get("jsonPointers"))
    if not (pointers or entry.get("jqPathExpressions") or entry.get("managedFieldsManagers")):
        message = "the entry names no field: nothing is ignored"
        scope.warn(
            IGNORES_NOTHING, message, hint="add jsonPointers, jqPathExpressions or managedFieldsManagers"
        )
    for index, pointer in enumerate(pointers):
        if not pointer.startswith("/") and not scope.is_open(pointer):
            message = f'"{pointer}" is no JSON pointer: it matches nothing'
            scope.warn(BAD_POINTER, message, "jsonPointers", index, hint="begin it with a /")
