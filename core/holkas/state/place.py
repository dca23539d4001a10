"""Where the state lies."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def state_directory(environ: Mapping[str, str], *, configured: str = "", project: Path | None = None) -> Path:
    """``HOLKAS_STATE_DIR``, else the configured directory (relative to the project), else the XDG place."""
    named = environ.get("HOLKAS_STATE_DIR", "")
    if named:
        return Path(named).expanduser().absolute()
    if configured:
        return (project or Path.cwd()) / Path(configured).expanduser()
    import platformdirs

    return Path(platformdirs.user_state_dir("holkas"))
