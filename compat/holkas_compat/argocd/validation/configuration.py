"""ConfigMaps and Secrets that configure Argo CD. No message shows a value of a Secret."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from holkas.model.duration import DurationError, parse_duration

from holkas_compat.argocd.config import cluster, repository
from holkas_compat.argocd.config.data import data_of, field_of
from holkas_compat.argocd.config.recognise import REPOSITORY_TYPES, SECRET_TYPE, SECRET_TYPES, secret_type
from holkas_compat.argocd.validation.codes import (
    BAD_SETTING,
    CONFIG_KEY,
    CONFIG_MISSING,
    CONFIG_VALUE,
    SECRET_LABEL,
)
from holkas_compat.argocd.validation.scope import Scope
from holkas_compat.manifest.shape import record
from holkas_compat.manifest.suggest import did_you_mean

_TYPES = ("git", "helm", "oci")
_FLAGS = repository.TRUE | repository.FALSE
_DURATIONS = ("timeout.reconciliation", "timeout.hard.reconciliation", "timeout.reconciliation.jitter")
_YAML = ("resource.exclusions", "resource.inclusions", "resource.customizations", "resource.compareoptions")
_WORDS = {
    "application.resourceTrackingMethod": ("annotation", "label", "annotation+label"),
    "application.sync.impersonation.enabled": ("true", "false"),
    "admin.enabled": ("true", "false"),
    "exec.enabled": ("true", "false"),
}
_CUSTOM = re.compile(
    r"resource\.customizations\.(health|actions|ignoreDifferences|ignoreResourceUpdates|knownTypeFields|useOpenLibs)\.(.+)"
)
_CUSTOM_START = "resource.customizations."
_PARSED = ("actions", "ignoreDifferences", "ignoreResourceUpdates", "knownTypeFields")


def check_configuration(document: Mapping[str, Any], scope: Scope) -> None:
    """A ConfigMap by its name, a Secret by its label."""
    if document.get("kind") == "Secret":
        _check_secret(document, scope)
    elif record(document.get("metadata")).get("name") == "argocd-cm":
        _check_settings(document, scope.at("data"))


def _check_secret(document: Mapping[str, Any], scope: Scope) -> None:
    kind, data = secret_type(document), data_of(document)
    if kind not in SECRET_TYPES:
        hint = did_you_mean(kind, SECRET_TYPES)
        message = f'Argo CD has no type of Secret "{kind}"'
        scope.warn(SECRET_LABEL, message, "metadata", "labels", SECRET_TYPE, hint=hint)
    elif kind in REPOSITORY_TYPES:
        _check_repository(document, data, scope)
    elif kind == "cluster":
        _check_cluster(document, data, scope)


def _check_repository(document: Mapping[str, Any], data: Mapping[str, str], scope: Scope) -> None:
    if not data.get("url"):
        scope.error(CONFIG_MISSING, "the Secret names no url")
    if data.get("type", "git") not in ("", *_TYPES):
        hint = f"write {', '.join(_TYPES[:-1])} or {_TYPES[-1]}"
        scope.error(
            CONFIG_VALUE, "the type of the repository is none", *field_of(document, "type"), hint=hint
        )
    for key in repository.FLAGS:
        if data.get(key) and data[key] not in _FLAGS:
            scope.error(CONFIG_VALUE, f"{key} is neither true nor false", *field_of(document, key))
    if data.get("githubAppPrivateKey") and not data.get("githubAppID"):
        scope.error(CONFIG_MISSING, "githubAppPrivateKey needs githubAppID")
    _check_keys(document, data, repository.KEYS, scope)


def _check_cluster(document: Mapping[str, Any], data: Mapping[str, str], scope: Scope) -> None:
    for key in ("server", "name"):
        if not data.get(key):
            report = scope.error if key == "server" else scope.warn
            report(CONFIG_MISSING, f"the Secret names no {key}")
    fault = cluster.config_fault(data["config"]) if data.get("config") else ""
    if fault:
        scope.error(
            CONFIG_VALUE, f"the config of the cluster cannot be read: {fault}", *field_of(document, "config")
        )
    shard = data.get("shard", "")
    if shard and not shard.removeprefix("-").isdecimal():
        scope.error(CONFIG_VALUE, "the shard is no number", *field_of(document, "shard"))
    _check_keys(document, data, cluster.KEYS, scope)


def _check_keys(
    document: Mapping[str, Any], data: Mapping[str, str], known: frozenset[str], scope: Scope
) -> None:
    for key in data:
        near = did_you_mean(key, known) if key not in known else ""
        if near:
            scope.warn(CONFIG_KEY, f'Argo CD does not read "{key}"', *field_of(document, key), hint=near)


def _check_settings(document: Mapping[str, Any], scope: Scope) -> None:
    for key, value in data_of(document).items():
        words = _WORDS.get(key)
        if words and value not in words:
            scope.warn(BAD_SETTING, f'{key} does not take "{value}"', key, hint=f"write {' or '.join(words)}")
        elif key in _DURATIONS:
            _check_duration(value, scope.at(key))
        elif key.startswith(_CUSTOM_START):
            _check_customization(key, value, scope.at(key))
        elif key in _YAML:
            _check_yaml(value, scope.at(key))


def _check_duration(value: str, scope: Scope) -> None:
    try:
        parse_duration(value)
    except DurationError as error:
        scope.error(BAD_SETTING, str(error))


def _check_customization(key: str, value: str, scope: Scope) -> None:
    match = _CUSTOM.fullmatch(key)
    if match is None:
        message = "the customization is none that Argo CD reads"
        hint = "write resource.customizations.health.<group>_<kind>, .actions., .ignoreDifferences. …"
        scope.warn(BAD_SETTING, message, hint=hint)
    elif match[1] in _PARSED:
        _check_yaml(value, scope)
    elif match[1] == "useOpenLibs" and value not in _FLAGS:
        scope.error(BAD_SETTING, f'"{value}" is neither true nor false')


def _check_yaml(value: str, scope: Scope) -> None:
    from holkas.yaml import YamlError, load

    try:
        load(value)
    except YamlError as error:
        scope.error(BAD_SETTING, f"the setting is no YAML: {error.finding.message}")
