"""How one process asks another to end a run: a file in the run's directory."""

from __future__ import annotations

from holkas.model.run_request import CancelMode
from holkas.state.run_directory import RunDirectory


def request_cancel(directory: RunDirectory, mode: CancelMode) -> None:
    """Leave the wish; the run's process looks for it several times a second."""
    temporary = directory.path / "cancel.new"
    temporary.write_text(mode.value, encoding="utf-8")
    temporary.replace(directory.cancel_request)


def take_cancel_request(directory: RunDirectory) -> CancelMode | None:
    """The wish, if somebody left one; it is taken away."""
    try:
        text = directory.cancel_request.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    directory.cancel_request.unlink(missing_ok=True)
    try:
        return CancelMode(text.strip())
    except ValueError:
        return CancelMode.CANCELLED
