"""What becomes of applications that are there: kept fields, ignored differences, and what a set may do at all.

Source: Argo CD's documentation, "Controlling Resource Modification" (``applicationsSync``, ``preservedFields``,
``ignoreApplicationDifferences``).
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from holkas.extensions.application_set import ApplicationChange

ALWAYS_PRESERVED = (
    "notified.notifications.argoproj.io",
    "argocd.argoproj.io/refresh",
    "argocd.argoproj.io/hydrate",
)
"""Annotations that others than the set write."""

_PRESERVED_FINALIZERS = (
    "pre-delete-finalizer.argocd.argoproj.io",
    "post-delete-finalizer.argocd.argoproj.io",
)
_ALLOWED = {
    "": {"create", "update", "delete"},
    "sync": {"create", "update", "delete"},
    "create-only": {"create"},
    "create-update": {"create", "update"},
    "create-delete": {"create", "delete"},
}
_COMPARED = ("name", "namespace", "labels", "annotations", "finalizers")


def changes(
    spec: Mapping[str, Any], made: Sequence[Mapping[str, Any]], live: Sequence[Mapping[str, Any]]
) -> list[ApplicationChange]:
    """What a controller would do, created and updated ones in the set's order, then what is deleted."""
    policy = spec.get("syncPolicy")
    allowed = _ALLOWED.get(str((policy or {}).get("applicationsSync") or ""), _ALLOWED[""])
    before = {_name(one): one for one in live}
    found: list[ApplicationChange] = []
    for one in made:
        name = _name(one)
        known = before.pop(name, None)
        if known is None:
            act = "create" if "create" in allowed else "keep"
            found.append(ApplicationChange(name=name, act=act, after=one))
            continue
        wanted = desired(spec, known, one)
        act = "none" if _compared(known) == _compared(wanted) else "update" if "update" in allowed else "keep"
        found.append(ApplicationChange(name=name, act=act, before=known, after=wanted))
    for name, known in sorted(before.items()):
        act = "delete" if "delete" in allowed else "keep"
        found.append(ApplicationChange(name=name, act=act, before=known))
    return found


def may_delete(manifest: Mapping[str, Any]) -> bool:
    """Whether a set deletes Applications that it no longer gives."""
    spec = manifest.get("spec")
    policy = spec.get("syncPolicy") if isinstance(spec, Mapping) else None
    word = policy.get("applicationsSync") if isinstance(policy, Mapping) else None
    return "delete" in _ALLOWED.get(str(word or ""), _ALLOWED[""])


def _name(application: Mapping[str, Any]) -> str:
    return str((application.get("metadata") or {}).get("name", ""))


def _compared(application: Mapping[str, Any]) -> dict[str, Any]:
    """What a set decides about an application: a part of its metadata, and its spec."""
    metadata = application.get("metadata") or {}
    return {
        "metadata": {key: metadata[key] for key in _COMPARED if metadata.get(key)},
        "spec": application.get("spec") or {},
    }


def desired(spec: Mapping[str, Any], live: Mapping[str, Any], made: Mapping[str, Any]) -> dict[str, Any]:
    """The application as the set wants it, with what it leaves to others as it is now."""
    wanted = copy.deepcopy(dict(made))
    preserved = spec.get("preservedFields") or {}
    metadata, before = wanted.setdefault("metadata", {}), live.get("metadata") or {}
    for kind, names in (
        ("annotations", (*ALWAYS_PRESERVED, *(preserved.get("annotations") or ()))),
        ("labels", tuple(preserved.get("labels") or ())),
    ):
        known, new = before.get(kind) or {}, dict(metadata.get(kind) or {})
        for name in names:
            if name in known and name not in new:
                new[name] = known[name]
        if new:
            metadata[kind] = new
    kept = [one for one in before.get("finalizers") or () if str(one).startswith(_PRESERVED_FINALIZERS)]
    finalizers = list(metadata.get("finalizers") or ())
    if kept:
        metadata["finalizers"] = [*finalizers, *(one for one in kept if one not in finalizers)]
    rules = [
        rule
        for rule in spec.get("ignoreApplicationDifferences") or ()
        if isinstance(rule, Mapping) and rule.get("name") in (None, "", _name(made))
    ]
    return without_ignored(live, wanted, rules) if rules else wanted


def without_ignored(
    live: Mapping[str, Any], made: Mapping[str, Any], rules: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The wanted application with the live one's values wherever a rule says that differences do not count.

    The patch from one to the other, both without the ignored places, is put on the live application, as Argo CD does.
    Where a rule cannot be applied to these two, the live application stays: nobody knows what it was to protect.
    Raises GenerationError for an expression that is none.
    """
    from holkas_compat.argocd.applicationset.jq_paths import CannotSay, without
    from holkas_compat.argocd.applicationset.merge_patch import applied, difference

    bare_live, bare_made = copy.deepcopy(dict(live)), copy.deepcopy(dict(made))
    for rule in rules:
        for pointer in rule.get("jsonPointers") or ():
            for one in (bare_live, bare_made):
                _remove(one, _pointer(str(pointer)))
    expressions = [str(one) for rule in rules for one in rule.get("jqPathExpressions") or ()]
    if expressions:
        try:
            bare_live, bare_made = without((bare_live, bare_made), expressions)
        except CannotSay:
            return copy.deepcopy(dict(live))
    return dict(applied(copy.deepcopy(dict(live)), difference(_pruned(bare_live), _pruned(bare_made))))


def _pruned(value: Any) -> Any:
    """Without mappings that are empty, which a removal leaves behind."""
    if isinstance(value, dict):
        made = {key: _pruned(item) for key, item in value.items()}
        return {key: item for key, item in made.items() if item != {}}
    return [_pruned(item) for item in value] if isinstance(value, list) else value


def _pointer(pointer: str) -> list[str]:
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def _remove(value: Any, path: Sequence[str]) -> None:
    *way, last = path or [""]
    for part in way:
        if isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        elif isinstance(value, dict) and part in value:
            value = value[part]
        else:
            return
    if isinstance(value, dict):
        value.pop(last, None)
    elif isinstance(value, list) and last.isdigit() and int(last) < len(value):
        del value[int(last)]
