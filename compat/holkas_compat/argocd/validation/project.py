"""Projects (app_project_types.go, ``ValidateProject``; types.go for policies, groups and windows)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from holkas.gitops.glob import GlobError, compile_glob

from holkas_compat.argocd.validation.codes import BAD_ACCOUNT, BAD_PATTERN, TWICE
from holkas_compat.argocd.validation.roles import check_roles
from holkas_compat.argocd.validation.scope import Scope
from holkas_compat.argocd.validation.windows import check_windows
from holkas_compat.manifest.shape import record, records, text, texts

_NO_ACCOUNT = "!*[]{}\\/"


def check_project(obj: Mapping[str, Any], scope: Scope) -> None:
    """An AppProject."""
    spec, here = record(obj.get("spec")), scope.at("spec")
    _check_destinations(records(spec.get("destinations")), here.at("destinations"))
    _check_texts(
        texts(spec.get("sourceNamespaces")), here.at("sourceNamespaces"), "source namespace", deny=False
    )
    _check_texts(texts(spec.get("sourceRepos")), here.at("sourceRepos"), "source repository", deny=True)
    project = text(record(obj.get("metadata")).get("name"))
    check_roles(records(spec.get("roles")), project, here.at("roles"))
    check_windows(records(spec.get("syncWindows")), here.at("syncWindows"))
    _check_accounts(records(spec.get("destinationServiceAccounts")), here.at("destinationServiceAccounts"))


def service_account_faults(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Fields of a destination's service account that are wrong, with Argo CD's message."""
    for name in ("server", "namespace"):
        value = text(entry.get(name))
        if "!" in value or not _is_glob(value):
            yield name, f"{name} has an invalid format, '{value}'"
    account = text(entry.get("defaultServiceAccount"))
    if not account.strip(" ") or any(character in _NO_ACCOUNT for character in account):
        yield "defaultServiceAccount", f"defaultServiceAccount has an invalid format, '{account}'"


def _check_destinations(entries: list[Mapping[str, Any]], scope: Scope) -> None:
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        for name in ("name", "server", "namespace"):
            if text(entry.get(name)) == "!*":
                scope.error(BAD_PATTERN, f"{name} has an invalid format, '!*'", index, name)
        server, name = text(entry.get("server")), text(entry.get("name"))
        key = f"{server or name}/{text(entry.get('namespace'))}"
        if key in seen:
            scope.error(TWICE, f"destination '{key}' already added", index)
        seen.add(key)


def _check_texts(values: list[str], scope: Scope, what: str, *, deny: bool) -> None:
    seen: set[str] = set()
    for index, value in enumerate(values):
        if deny and value == "!*":
            scope.error(BAD_PATTERN, f"{what} has an invalid format, '!*'", index)
        if value in seen:
            scope.error(TWICE, f"{what} '{value}' already added", index)
        elif not _is_glob(value.removeprefix("!")):
            scope.warn(BAD_PATTERN, f'"{value}" is a pattern that cannot be read: it matches nothing', index)
        seen.add(value)


def _check_accounts(entries: list[Mapping[str, Any]], scope: Scope) -> None:
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        for name, fault in service_account_faults(entry):
            scope.error(BAD_ACCOUNT, fault, index, name)
        key = f"{text(entry.get('server'))}/{text(entry.get('namespace'))}"
        if key in seen:
            scope.error(TWICE, f"destinationServiceAccount '{key}' already added", index)
        seen.add(key)


def _is_glob(pattern: str) -> bool:
    try:
        compile_glob(pattern)
    except GlobError:
        return False
    return True
