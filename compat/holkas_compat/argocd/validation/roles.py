"""Roles of a project: their names, policies and groups (types.go, ``validatePolicy`` and its neighbours)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from holkas_compat.argocd.validation.codes import BAD_GROUP, BAD_POLICY, BAD_ROLE, TWICE
from holkas_compat.argocd.validation.scope import Scope
from holkas_compat.manifest.shape import text, texts

_ROLE = re.compile(r"[a-zA-Z0-9]([-_a-zA-Z0-9]*[a-zA-Z0-9])?\Z")
_ACTIONS = frozenset(("get", "create", "update", "delete", "sync", "override", "rollback", "*"))
_ACTION = re.compile(r"(action|update|delete)/.*")
_RESOURCES = (
    "applications",
    "applicationsets",
    "repositories",
    "exec",
    "logs",
    "clusters",
)
_PART = r"[*\w.-]+"
_BAD_IN_GROUP = re.compile('["\n\r\t]')


def check_roles(roles: list[Mapping[str, Any]], project: str, scope: Scope) -> None:
    """The roles of a project."""
    seen: set[str] = set()
    for index, role in enumerate(roles):
        name, here = text(role.get("name")), scope.at(index)
        if name in seen:
            here.error(TWICE, f"role '{name}' already exists", "name")
        if not _ROLE.match(name):
            message = (
                f"invalid role name '{name}'. Must consist of alphanumeric characters, '-' or '_', "
                "and must start and end with an alphanumeric character"
            )
            here.error(BAD_ROLE, message, "name")
        seen.add(name)
        _check_list(role.get("policies"), here.at("policies"), "policy", name, BAD_POLICY, project)
        _check_list(role.get("groups"), here.at("groups"), "group", name, BAD_GROUP, project)


def policy_fault(policy: str, project: str, role: str) -> str:
    """What is wrong with a policy of a role, in Argo CD's words; empty if nothing is."""
    parts = [part.strip(" ") for part in policy.split(",")]
    start = f"invalid policy rule '{policy}'"
    if len(parts) != 6 or parts[0] != "p":
        return f"{start}: must be of the form: 'p, sub, res, act, obj, eft'"
    _, subject, resource, action, target, effect = parts
    expected = f"proj:{project}:{role}"
    if subject != expected:
        return f"{start}: policy subject must be: '{expected}', not '{subject}'"
    if resource not in _RESOURCES:
        known = ", ".join(f"'{name}'" for name in _RESOURCES[:-1])
        return f"{start}: project resource must be: {known} or '{_RESOURCES[-1]}', not '{resource}'"
    if not is_action(action):
        return f"{start}: invalid action '{action}'"
    if not is_policy_object(project, target):
        return (
            f"{start}: object must be of form '{project}/*', '{project}[/<NAMESPACE>]/<APPNAME>' or "
            f"'{project}/<APPNAME>', not '{target}'"
        )
    return "" if effect in ("allow", "deny") else f"{start}: effect must be: 'allow' or 'deny'"


def is_action(action: str) -> bool:
    """Whether a policy may name an action."""
    return action in _ACTIONS or _ACTION.search(action) is not None


def is_policy_object(project: str, target: str) -> bool:
    """Whether a policy may name an object: ``project[/namespace]/application``."""
    pattern = rf"{re.escape(project)}(/{_PART})?/{_PART}\Z"
    return re.match(pattern, target, re.ASCII) is not None


def group_fault(group: str) -> str:
    """What is wrong with the name of a group, in Argo CD's words; empty if nothing is."""
    name = group.strip()
    if len(name) > 1 and name.startswith('"') and name.endswith('"'):
        name = name[1:-1]
    elif "," in name:
        return f"group '{name}' must be quoted"
    if not name:
        return f"group '{name}' is empty"
    if _BAD_IN_GROUP.search(name):
        return f"group '{name}' contains invalid characters"
    if len(group) > 1 and group[0].isspace():
        return f"group '{name}' contains a leading space"
    return f"group '{name}' contains a trailing space" if len(group) > 1 and group[-1].isspace() else ""


def _check_list(value: Any, scope: Scope, what: str, role: str, code: str, project: str) -> None:
    seen: set[str] = set()
    for index, entry in enumerate(texts(value)):
        if entry in seen:
            scope.error(TWICE, f"{what} '{entry}' already exists for role '{role}'", index)
            continue
        seen.add(entry)
        fault = policy_fault(entry, project, role) if code == BAD_POLICY else group_fault(entry)
        if fault:
            scope.error(code, fault, index)
