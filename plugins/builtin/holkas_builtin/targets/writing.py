"""What a resource becomes when it is written, as a Kubernetes API server would have it.

Source: Kubernetes, "Declarative Management of Kubernetes Objects Using Configuration Files" (three-way merge).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from holkas.extensions.target import Applied, ApplyOptions, ApplyWay
from holkas.gitops.annotations import LAST_APPLIED, annotation, annotations_of, with_annotations
from holkas.gitops.diff.merge import predicted
from holkas.gitops.diff.normalise import is_known_group
from holkas.model.resource import Resource
from holkas.model.sync import key_of
from holkas.roles.errors import Conflict, ToolError

Manifest = Mapping[str, Any]

MAX_BYTES = 3 * 1024 * 1024
"""Of one resource as JSON; a cluster takes half of it."""


def apply_written(
    resource: Resource, before: Resource | None, options: ApplyOptions, store: Callable[[Resource], None]
) -> Applied:
    """An apply, of which ``store`` keeps what is live then; not where nothing changes, or nothing is to be changed."""
    made = written(resource.manifest, None if before is None else before.manifest, options)
    if before is not None and before.manifest == made:
        return Applied(live=before, changed=False, message="unchanged")
    live = Resource(manifest=made)
    if not options.dry_run:
        store(live)
    return Applied(live=live, changed=True, message="configured" if before else "created")


def written(desired: Manifest, live: Manifest | None, options: ApplyOptions) -> dict[str, Any]:
    """The live resource after a write, with what was applied in an annotation, for the next three-way merge.

    ``status`` is not written but kept. Raises Conflict, and ToolError for a manifest that is none.
    """
    _check(desired)
    key = key_of(desired)
    if live is not None and options.way is ApplyWay.CREATE:
        raise Conflict(f"{key} exists already")
    wanted = {name: value for name, value in desired.items() if name != "status"}
    text = json.dumps(_without_mark(wanted), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    if len(text) > MAX_BYTES:
        raise ToolError(f"{key} is too large: {len(text)} characters of JSON")
    if live is None:
        made = dict(wanted)
        if "status" in desired:  # nothing else would ever say it
            made["status"] = desired["status"]
    elif options.way is ApplyWay.REPLACE:
        made = dict(wanted)
        if "status" in live:
            made["status"] = live["status"]
    else:
        found = _without_mark(live)
        made = predicted(_without_mark(wanted), found, last_applied(live), known=is_known_group(key.group))
    return with_annotations(made, {LAST_APPLIED: text})


def last_applied(live: Manifest) -> dict[str, Any] | None:
    """What was written last, where that is known."""
    text = annotation(live, LAST_APPLIED)
    try:
        value = json.loads(text) if text else None
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def without_mark(manifest: Manifest) -> dict[str, Any]:
    """The manifest without the annotation of what was applied."""
    return _without_mark(manifest)


def _without_mark(manifest: Manifest) -> dict[str, Any]:
    annotations = annotations_of(manifest)
    if LAST_APPLIED not in annotations:
        return dict(manifest)
    kept = {name: value for name, value in annotations.items() if name != LAST_APPLIED}
    metadata = {name: value for name, value in manifest["metadata"].items() if name != "annotations"}
    if kept:
        metadata["annotations"] = kept
    return {**manifest, "metadata": metadata}


def _check(manifest: Manifest) -> None:
    key = key_of(manifest)
    if not key.kind or not key.name or not isinstance(manifest.get("apiVersion"), str):
        raise ToolError("a resource has no apiVersion, no kind or no name")
