"""Whether the configuration's files are other than they were when somebody looked last."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from holkas.cli.app import App
from holkas.config.load import project_file, user_file

_Stamp = tuple[str, int, int, int, int]


class ConfigFiles:
    """The project's holkas.yaml and the user's, as they are now. A file that is only touched has not changed."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._stamps = self._look()
        self._digest = self._read()

    def changed(self) -> bool:
        """Whether the content is another one than at the last call."""
        stamps = self._look()
        if stamps == self._stamps:
            return False
        # Looked at before it is read: what is written in between is found the next time.
        before, self._stamps, self._digest = self._digest, stamps, self._read()
        return before != self._digest

    def _paths(self) -> list[Path]:
        found = (user_file(self._app.environ), project_file(self._app.directory))
        return [path for path in found if path is not None]

    def _look(self) -> list[_Stamp]:
        return [_stamp(path) for path in self._paths()]

    def _read(self) -> list[tuple[str, str]]:
        return [(str(path), _digest(path)) for path in self._paths()]


def _stamp(path: Path) -> _Stamp:
    try:
        found = path.stat()
    except OSError:
        return (str(path), 0, 0, 0, 0)
    return (str(path), found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _digest(path: Path) -> str:
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
