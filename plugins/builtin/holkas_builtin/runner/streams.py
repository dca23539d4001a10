"""A step's output: from its pipe to the log file, to the followers, and to files that the step asked for."""

from __future__ import annotations

import os
from collections.abc import Callable
from io import FileIO
from pathlib import Path

from holkas.state.masking import Masker

_PIECE = 65536
_PIECES = 16
"""Pieces that are moved at once. As much as a pipe can hold, so that nothing of a process that has ended stays in it,
and no more: one that writes without end must not keep us from looking at the time."""
_LONGEST_LINE = 1 << 20
"""Bytes that are held back until the line ends; longer lines are told in parts."""


class LogFile:
    """A step's log with secrets masked, written as it comes; whole lines go to ``tell``.

    The file is made with the first byte: a file and its directory cost more than starting a silent step does.
    """

    def __init__(self, directory: Path, name: str, masker: Masker, tell: Callable[[str], None]) -> None:
        """``name``: its path below the directory."""
        self._directory = directory
        self._name = name
        self._file: FileIO | None = None
        self._masker = masker
        self._tell = tell
        self._held = b""
        self._line = b""

    def write(self, data: bytes) -> None:
        """Take a piece; its end is held back while it may be the beginning of a secret."""
        if self._masker:
            data, self._held = self._masker.split(self._held + data)
        self._put(data)

    def close(self) -> None:
        """Write what was held back."""
        if self._held:
            self._put(self._masker.mask(self._held))
        if self._line:
            self._tell(self._line.decode("utf-8", "replace"))
        self._held = self._line = b""
        if self._file is not None:
            self._file.close()

    def _put(self, data: bytes) -> None:
        if not data:
            return
        self._opened().write(data)
        lines, newline, rest = (self._line + data).rpartition(b"\n")
        if len(rest) > _LONGEST_LINE:
            lines, newline, rest = lines + newline + rest, b"\n", b""
        self._line = rest
        if newline:
            self._tell(lines.decode("utf-8", "replace"))

    def _opened(self) -> FileIO:
        if self._file is None:
            path = self._directory / self._name
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("ab", buffering=0)
        return self._file


class Stream:
    """The reading end of a pipe that a step writes to, and where its bytes go."""

    def __init__(self, log: LogFile, copies: tuple[int, ...] = ()) -> None:
        self.reader, self.writer = os.pipe()
        os.set_blocking(self.reader, False)
        self._log = log
        self._copies = copies

    def started(self) -> None:
        """The step has its copy of the writing end: drop ours, so that the end can be seen."""
        os.close(self.writer)
        self.writer = -1

    def pump(self) -> bool:
        """Move what is there, up to what a pipe can hold; False at the end of the stream."""
        for _ in range(_PIECES):
            try:
                data = os.read(self.reader, _PIECE)
            except BlockingIOError:
                return True
            if not data:
                return False
            self._log.write(data)
            for copy in self._copies:
                view = memoryview(data)
                while view:
                    view = view[os.write(copy, view) :]
        return True

    def close(self) -> None:
        """Give the pipe back."""
        if self.writer >= 0:
            os.close(self.writer)
        os.close(self.reader)
