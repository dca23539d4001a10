"""Where the state lies."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from holkas.state.errors import StateUnusable


def state_directory(configured: str, base: Path) -> Path:
    """The configured directory, relative to ``base``; the XDG place where none is configured.

    Raises StateUnusable where the user has no home directory to put it in.
    """
    try:
        if configured:
            return (base / Path(configured).expanduser()).absolute()
        path = _xdg() if sys.platform == "linux" else _usual()
    except RuntimeError as error:  # ``~`` of a user without a home directory
        raise StateUnusable(f"there is no place for the state: {error}") from error
    if not path.is_absolute():
        raise StateUnusable("there is no place for the state: this user has no home directory")
    return path


def _xdg() -> Path:
    """XDG Base Directory Specification, ``$XDG_STATE_HOME``: a relative path there counts as unset."""
    base = os.environ.get("XDG_STATE_HOME", "").strip()
    return (Path(base) if os.path.isabs(base) else Path("~/.local/state").expanduser()) / "holkas"  # noqa: PTH117


def _usual() -> Path:
    """The system's own place."""
    import platformdirs

    return Path(platformdirs.user_state_dir("holkas"))
