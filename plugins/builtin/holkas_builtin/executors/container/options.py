"""What can be set for the executor ``container``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.records import dataclass

ENGINES = ("podman", "docker")
PULL = ("always", "missing", "never")
NETWORKS = ("auto", "task", "host", "none")

OPTIONS_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "engine": {
            "description": "The engine: auto takes podman where it works, else docker.",
            "enum": ["auto", *ENGINES],
            "default": "auto",
        },
        "pull": {
            "description": "When images are fetched: in every run, where they are missing, or never.",
            "enum": list(PULL),
            "default": "missing",
        },
        "network": {
            "description": "task: one of its own a task; host: this machine's; none; auto: task, or host if rootless.",
            "enum": list(NETWORKS),
            "default": "auto",
        },
        "privileged": {
            "description": "Whether a manifest may ask for privileged containers and for further capabilities.",
            "type": "boolean",
            "default": False,
        },
        "replace": {
            "description": "Images to use instead of others: a pattern (*, ?) of the one in the manifest, and the other.",
            "type": "object",
            "additionalProperties": {"type": "string", "minLength": 1},
        },
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The settings, each with its default."""

    engine: str = "auto"
    pull: str = "missing"
    network: str = "auto"
    privileged: bool = False
    replace: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Options:
        """From options that fit OPTIONS_SCHEMA."""
        return cls(**{**given, "replace": tuple(given.get("replace", {}).items())})
