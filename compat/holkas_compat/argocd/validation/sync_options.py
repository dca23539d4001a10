"""Sync options (Argo CD, "Sync Options"): Argo CD ignores those that it does not know, without a word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.model.edit import Edit
from holkas.model.finding import Severity

from holkas_compat.argocd.validation.codes import OPTION_VALUE, UNKNOWN_OPTION
from holkas_compat.argocd.validation.scope import Scope
from holkas_compat.manifest.shape import texts
from holkas_compat.manifest.suggest import did_you_mean

_FLAG = ("true", "false")
OPTIONS: Mapping[str, tuple[str, ...]] = {
    "ApplyOutOfSyncOnly": _FLAG,
    "ClientSideApplyMigration": _FLAG,
    "CreateNamespace": _FLAG,
    "Delete": ("false", "confirm", "true"),
    "FailOnSharedResource": _FLAG,
    "Force": _FLAG,
    "Prune": ("false", "confirm", "true"),
    "PruneLast": _FLAG,
    "PrunePropagationPolicy": ("foreground", "background", "orphan"),
    "Replace": _FLAG,
    "RespectIgnoreDifferences": _FLAG,
    "ServerSideApply": _FLAG,
    "SkipDryRunOnMissingResource": _FLAG,
    "Validate": _FLAG,
}
"""Option → the values that it takes."""


def check_sync_options(value: Any, scope: Scope) -> None:
    """The entries of a list ``syncOptions``."""
    for index, option in enumerate(texts(value)):
        if option and not scope.is_open(option):
            check_sync_option(option, scope.at(index), whole=True)


def check_sync_option(option: str, scope: Scope, *, whole: bool = False) -> None:
    """One option. whole: the place holds nothing else, so that it can be put right."""
    name, equals, given = option.partition("=")
    values = OPTIONS.get(name)
    if values is None:
        hint = did_you_mean(name, OPTIONS)
        fix = (Edit.replace(scope.path, f"{hint.split('`')[1]}{equals}{given}"),) if hint and whole else ()
        _warn(scope, UNKNOWN_OPTION, f'Argo CD has no sync option "{name}"', option, hint, fix)
    elif given not in values:
        lower = given.lower().strip()
        fix = (Edit.replace(scope.path, f"{name}={lower}"),) if whole and lower in values else ()
        message = f'the sync option {name} does not take "{given}", and is ignored'
        _warn(scope, OPTION_VALUE, message, option, f"write {name}={' or '.join(values)}", fix)


def _warn(scope: Scope, code: str, message: str, option: str, hint: str, fix: tuple[Edit, ...]) -> None:
    scope.report(code, message, within=option, hint=hint, severity=Severity.WARNING, fix=fix)
