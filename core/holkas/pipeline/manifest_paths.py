"""Variables in those parts of the model that are kept as they stand in the manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from holkas.pipeline.substitution import Replacements, substitute

Path = tuple[str, ...]
"""Keys from the root to a text; ``*`` stands for every item of a list or mapping."""


def substitute_paths(
    manifest: Mapping[str, Any], paths: Sequence[Path], replacements: Replacements
) -> Mapping[str, Any]:
    """A copy in which the texts at these paths have their variables replaced.

    What lies beside the paths is shared with the original, which is itself returned where nothing changes.
    """
    for path in paths:
        manifest = _at(manifest, path, replacements)
    return manifest


def _at(node: Any, path: Path, replacements: Replacements) -> Any:
    if not path:
        return substitute(node, replacements) if isinstance(node, str) and "$(" in node else node
    key, *rest = path
    if isinstance(node, Mapping):
        keys = list(node) if key == "*" else [key] if key in node else []
        changed = {
            each: new for each in keys if (new := _at(node[each], (*rest,), replacements)) is not node[each]
        }
        return {**node, **changed} if changed else node
    if isinstance(node, list) and key == "*":
        items = [_at(item, (*rest,), replacements) for item in node]
        return items if any(new is not old for new, old in zip(items, node, strict=True)) else node
    return node
