"""How a run was asked for, kept in its directory so that it can be asked for again."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from holkas.state.masking import Masker
from holkas.state.run_directory import RunDirectory


def write_origin(directory: RunDirectory, origin: Mapping[str, Any], masker: Masker) -> None:
    """Keep it, secrets masked: ``masked`` then says that it is not whole. Nothing for an empty one."""
    if not origin:
        return
    masked = masker.mask_json(dict(origin))
    whole = not masker or masked == json.loads(json.dumps(dict(origin)))
    temporary = directory.origin.with_suffix(".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({**masked, "masked": not whole}, file)
    temporary.replace(directory.origin)


def read_origin(directory: RunDirectory) -> dict[str, Any]:
    """What was kept; empty where there is nothing that can be read."""
    try:
        value = json.loads(directory.origin.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
