"""The cluster's pod template under a run's own (pkg/apis/pipeline/pod, MergePodTemplateWithDefault)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_MERGED_BY_NAME = ("env", "volumes")


def merge_pod_template(
    own: Mapping[str, Any] | None, default: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """Each field of the run wins; env and volumes are joined by name, the run's first. Either may be missing."""
    if default is None or own is None:
        found = own if default is None else default
        return None if found is None else dict(found)
    merged = {**default, **{key: value for key, value in own.items() if value not in ("", False, None)}}
    for key in _MERGED_BY_NAME:
        if own.get(key):
            merged[key] = _by_name(own[key], default.get(key) or [])
    # A pointer to false is a value of its own; only hostNetwork is a plain flag that the cluster can raise.
    merged.update({key: value for key, value in own.items() if value is False and key != "hostNetwork"})
    return merged


def _by_name(own: list[dict[str, Any]], default: list[dict[str, Any]]) -> list[dict[str, Any]]:
    named = [item for item in own if item.get("name")]
    taken = {item["name"] for item in named}
    return [*named, *(item for item in default if item.get("name") and item["name"] not in taken)]
