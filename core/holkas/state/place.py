"""Where the state lies."""

from __future__ import annotations

from pathlib import Path

from holkas.state.errors import StateUnusable


def state_directory(configured: str, base: Path) -> Path:
    """The configured directory, relative to ``base``; the XDG place where none is configured.

    Raises StateUnusable where the user has no home directory to put it in.
    """
    try:
        if configured:
            return (base / Path(configured).expanduser()).absolute()
        import platformdirs

        path = Path(platformdirs.user_state_dir("holkas"))
    except RuntimeError as error:  # ``~`` of a user without a home directory
        raise StateUnusable(f"there is no place for the state: {error}") from error
    if not path.is_absolute():
        raise StateUnusable("there is no place for the state: this user has no home directory")
    return path
