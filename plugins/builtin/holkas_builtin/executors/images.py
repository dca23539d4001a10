"""What well-known images start by themselves: no registry is asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

OPTIONS_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "images": {
            "description": "Patterns of images (*, ?) and what such an image starts by itself.",
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "required": ["entrypoint"],
                "properties": {
                    "entrypoint": {
                        "description": "Program and its first arguments.",
                        "type": "array",
                        "minItems": 1,
                        "items": {"type": "string"},
                    },
                    "commands": {
                        "description": "Whether a first argument that is a program is started instead of the entrypoint.",
                        "type": "boolean",
                        "default": False,
                    },
                    "sh": {
                        "description": "busybox where /bin/sh of the image is busybox's.",
                        "enum": ["busybox", ""],
                        "default": "",
                    },
                },
            },
        },
    },
}
"""Settings of both executors in holkas.yaml."""

# The start scripts of Docker's official images do this: an option belongs to the program, a program replaces it.
_COMMANDS = (
    'case "${1--}" in -*) ;; *) if command -v -- "$1" >/dev/null; then exec "$@"; fi ;; esac; exec %s "$@"'
)


class Images:
    """The table of images.json, extended and overridden by the executor's options."""

    def __init__(self, options: Mapping[str, Mapping[str, Any]]) -> None:
        self._options = options
        self._known: dict[str, tuple[str, ...] | None] = {}
        self._shells: dict[str, str] = {}

    def entrypoint(self, image: str) -> tuple[str, ...] | None:
        """Program and first arguments, which the step's own arguments follow; None for an unknown image."""
        if image not in self._known:
            self._known[image] = self._look_up(image)
        return self._known[image]

    def shell(self, image: str) -> str:
        """``busybox`` where the image's /bin/sh is busybox's, which knows more than dash: ``[ a == b ]``, ``[[``."""
        if image not in self._shells:
            entry = self._entry(image)
            based_on_alpine = "alpine" in image.partition("@")[0].rpartition("/")[2]
            self._shells[image] = (entry or {}).get("sh", "") or ("busybox" if based_on_alpine else "")
        return self._shells[image]

    def _look_up(self, image: str) -> tuple[str, ...] | None:
        entry = self._entry(image)
        return None if entry is None else _argv(entry)

    def _entry(self, image: str) -> Mapping[str, Any] | None:
        host, path = split(image)
        names = [path, path.removeprefix("library/")]
        if host:
            names.append(f"{host}/{path}")
        for table in (self._options, _table()):
            for pattern, entry in table.items():
                if any(fnmatchcase(name, pattern) for name in (*names, image)):
                    return entry
        return None


def split(image: str) -> tuple[str, str]:
    """Registry (empty for the default one) and repository path of an image reference, without tag and digest.

    Source: the grammar of references in the distribution project: a first component is a registry if it holds a dot
    or a colon or is ``localhost``.
    """
    name = image.partition("@")[0]
    first, slash, rest = name.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        return first, rest.partition(":")[0]
    return "", name.partition(":")[0]


def _argv(entry: Mapping[str, Any]) -> tuple[str, ...]:
    entrypoint = tuple(entry["entrypoint"])
    if not entry.get("commands", False):
        return entrypoint
    import shlex

    return ("sh", "-c", _COMMANDS % shlex.join(entrypoint), entrypoint[0])


@cache
def _table() -> dict[str, dict[str, Any]]:
    table: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("images.json").read_text("utf-8"))
    return table
