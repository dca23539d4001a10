"""Images as ``kustomize edit set image`` takes them.

Source: kustomize, "edit set image": ``name=new:tag``, ``name:tag``, ``name@digest``, ``name=new@digest``; ``*`` keeps.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from holkas_compat.argocd.rendering.failure import RenderFailure

_TAGGED = re.compile(r"^(.*):([a-zA-Z0-9._-]*|\*)$")


def set_images(kustomization: dict[str, Any], images: Sequence[str]) -> None:
    """Write images into a kustomization, sorted by name. Raises RenderFailure R120."""
    given = {entry["name"]: entry for entry in (image_entry(text) for text in images)}
    others: list[Any] = []
    for one in kustomization.get("images") or ():
        entry = given.get(str(one.get("name"))) if isinstance(one, Mapping) else None
        if entry is None:
            others.append(one)
            continue
        for key in ("newName", "newTag", "digest"):
            if entry.get(key) == "*":
                entry[key] = one.get(key, "")
    entries = [
        *others,
        *({key: value for key, value in one.items() if value not in ("", "*")} for one in given.values()),
    ]
    kustomization["images"] = sorted(
        entries, key=lambda one: str(one.get("name")) if isinstance(one, Mapping) else ""
    )


def image_entry(text: str) -> dict[str, str]:
    """One entry of ``images``. Raises RenderFailure R120."""
    name, equals, rest = text.partition("=")
    if equals:
        new, tag, digest = _parts(rest)
        if name and (new or tag or digest):
            return {"name": name, "newName": new, "newTag": tag, "digest": digest}
    else:
        name, tag, digest = _parts(text)
        if name and (tag or digest):
            return {"name": name, "newTag": tag, "digest": digest}
    raise RenderFailure("R120", f"image {text!r} names neither another name nor a tag nor a digest")


def _parts(text: str) -> tuple[str, str, str]:
    """Name, tag and digest."""
    name, at, digest = text.partition("@")
    if match := _TAGGED.match(name):
        return match[1], match[2], digest
    return name, "", digest if at else ""
