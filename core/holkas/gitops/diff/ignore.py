"""Differences that are not looked at (Argo CD, "Diff Customization"): by pointer, by jq path, by field manager."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from holkas.gitops.diff.managed_fields import owned_paths
from holkas.gitops.glob import matches as glob_matches
from holkas.model.application import IgnoreDifference
from holkas.model.sync import key_of

Path = tuple[Any, ...]
"""Keys and indexes from a manifest's root."""

JqPlaces = Callable[[str, Mapping[str, Any]], list[Path]]
"""The places that a jq expression names in a manifest, worked out where it can neither run for ever nor take all memory.

Raises IgnoreRuleError. Without one only expressions are looked at whose time the manifest's size bounds.
"""


class IgnoreRuleError(ValueError):
    """A rule cannot be used; the text is one sentence."""


def matches(rule: IgnoreDifference, manifest: Mapping[str, Any]) -> bool:
    """Whether a rule is for a manifest; group and kind of a rule are globs.

    Source: Argo CD, util/argo/normalizers and util/argo/diff, which match with util/glob.
    """
    key = key_of(manifest)
    return (
        glob_matches(rule.group, key.group)
        and glob_matches(rule.kind, key.kind)
        and rule.name in ("", key.name)
        and rule.namespace in ("", key.namespace)
    )


def ignored_paths(
    rules: Iterable[IgnoreDifference],
    target: Mapping[str, Any],
    live: Mapping[str, Any] | None,
    jq: JqPlaces | None = None,
) -> list[Path]:
    """The places that are not looked at in these two. Raises IgnoreRuleError for a jq expression that cannot be used."""
    paths: list[Path] = []
    manifests = [manifest for manifest in (target, live) if manifest is not None]
    for rule in rules:
        if matches(rule, target):
            paths += [_pointer_path(pointer) for pointer in rule.json_pointers]
            for expression in rule.jq_path_expressions:
                paths += [path for manifest in manifests for path in _jq_paths(expression, manifest, jq)]
            if live is not None and rule.managers:
                paths += owned_paths(live, rule.managers)
    return paths


def without_paths(manifest: dict[str, Any], paths: Sequence[Path]) -> dict[str, Any]:
    """The manifest without these places; it is changed. What is not there is no error."""
    for path in sorted(paths, key=_last_index, reverse=True):
        _remove(manifest, path)
    return manifest


def respecting_ignored(
    target: Mapping[str, Any],
    live: Mapping[str, Any],
    rules: Sequence[IgnoreDifference],
    jq: JqPlaces | None = None,
) -> Mapping[str, Any]:
    """What to apply under ``RespectIgnoreDifferences``: the target with the live values in the places that are ignored,
    never ``status``."""
    import copy

    paths = [path for path in ignored_paths(rules, target, live, jq) if path and path[0] != "status"]
    if not paths:
        return target
    result = copy.deepcopy(dict(target))
    for path in sorted(paths, key=_last_index, reverse=True):
        found, value = _get(live, path)
        if found:
            _put(result, path, copy.deepcopy(value))
        else:
            _remove(result, path)
    return result


def _last_index(path: Path) -> tuple[int, ...]:
    return tuple(part if isinstance(part, int) else 0 for part in path)


def _pointer_path(pointer: str) -> Path:
    if not pointer.startswith("/"):
        raise IgnoreRuleError(f"the JSON pointer {pointer!r} does not begin with a slash")
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer[1:].split("/"))


_ENDLESS = re.compile(
    r"\b(?:def|reduce|foreach|while|until|repeat|recurse|recurse_down|range|limit|input|inputs|env|import|include|label|"
    r"halt|halt_error|getpath|combinations|walk|paths|leaf_paths|tostream|splits|sub|gsub|implode)\b|\$ENV|[#*]"
)
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')


def _is_a_place(expression: str) -> bool:
    """Whether an expression only names a place, in a time that a manifest's size bounds: it runs in our own process."""
    bare = _TEXT.sub('""', expression)
    if "\\(" in expression or _ENDLESS.search(bare) or len(expression) > 2000:
        return False
    return bare.count("..") <= 2 and bare.count(",") <= 8


def _jq_paths(expression: str, manifest: Mapping[str, Any], jq: JqPlaces | None) -> list[Path]:
    """The paths that an expression names. Loops and the environment are for who may take long, if there is anybody."""
    if jq is not None and not _is_a_place(expression):
        return jq(expression, manifest)
    try:
        return [tuple(path) for path in _jq_program(expression).input_value(manifest).first()]
    except ValueError as error:
        if str(error).startswith("the jq"):
            raise
        return []


@lru_cache(maxsize=256)
def _jq_program(expression: str) -> Any:
    import jq

    if not _is_a_place(expression):
        raise IgnoreRuleError(f"the jq path expression {expression!r} does more than name a place")
    try:
        return jq.compile(f"[path({expression})]")
    except ValueError:
        raise IgnoreRuleError(f"the jq path expression {expression!r} is none that jq understands") from None


def _step(node: Any, part: Any) -> tuple[bool, Any]:
    if isinstance(node, Mapping):
        return (part in node, node.get(part))
    if isinstance(node, list):
        index = part if isinstance(part, int) else int(part) if str(part).isdigit() else -1
        return (0 <= index < len(node), node[index] if 0 <= index < len(node) else None)
    return (False, None)


def _get(node: Any, path: Path) -> tuple[bool, Any]:
    for part in path:
        found, node = _step(node, part)
        if not found:
            return False, None
    return True, node


def _remove(manifest: dict[str, Any], path: Path) -> None:
    found, parent = _get(manifest, path[:-1])
    if not found or not path:
        return
    if isinstance(parent, dict):
        parent.pop(path[-1], None)
    elif isinstance(parent, list) and _step(parent, path[-1])[0]:
        del parent[int(path[-1])]


def _put(manifest: dict[str, Any], path: Path, value: Any) -> None:
    node: Any = manifest
    for part in path[:-1]:
        found, below = _step(node, part)
        if not found:
            if not isinstance(node, dict) or isinstance(part, int):
                return
            below = node[part] = {}
        node = below
    if isinstance(node, dict):
        node[path[-1]] = value
    elif isinstance(node, list) and _step(node, path[-1])[0]:
        node[int(path[-1])] = value
