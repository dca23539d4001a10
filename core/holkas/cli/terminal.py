"""Our terminal, joined with a shell elsewhere: in a sandbox or a container, where no terminal of ours is to be seen.

Two pipes with names lie in a directory that the shell's world has: ``in`` and ``out``. The first letter that comes out
says who echoes and edits what is typed: ``r`` the other side, which has made a terminal of its own, ``c`` ours.
"""

from __future__ import annotations

import os
import select
import shutil
import sys
import tempfile
import termios
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

RAW = b"r"


@contextmanager
def joined_terminal() -> Iterator[str]:
    """The path of the directory. Nothing of what is typed or shown is kept."""
    with tempfile.TemporaryDirectory(prefix="holkas-terminal-") as private:
        place = Path(private) / "terminal"
        place.mkdir()
        place.chmod(0o755)  # whom the step runs as is not known; the directory above is ours alone
        size = shutil.get_terminal_size()
        (place / "size").write_text(f"{size.lines} {size.columns}\n", encoding="utf-8")
        for name in ("in", "out"):
            os.mkfifo(place / name)
            (place / name).chmod(0o666)
        # Open both ways, so that neither side waits for the other nor hears of an end.
        typed, shown = (os.open(place / name, os.O_RDWR | os.O_CLOEXEC) for name in ("in", "out"))
        woken, waker = os.pipe()
        stdin = sys.stdin.fileno()
        before = termios.tcgetattr(stdin)
        thread = threading.Thread(target=_join, args=(stdin, typed, shown, woken), daemon=True)
        thread.start()
        try:
            yield str(place)
        finally:
            os.close(waker)
            thread.join()
            termios.tcsetattr(stdin, termios.TCSADRAIN, before)
            for descriptor in (typed, shown, woken):
                os.close(descriptor)


def _join(stdin: int, typed: int, shown: int, woken: int) -> None:
    """Carry letters both ways until ``woken`` is closed on its other side; what was printed by then is shown."""
    out = sys.stdout.fileno()
    begun = ended = False
    watched = {stdin, shown, woken}
    while True:
        ready, _, _ = select.select([shown] if ended else [*watched], [], [], 0 if ended else None)
        if shown in ready:
            data = os.read(shown, 65536)
            if not begun:
                begun, first, data = True, data[:1], data[1:]
                if first == RAW:
                    tty.setraw(stdin)
            with suppress(OSError):
                os.write(out, data)
        elif ended:
            return
        if stdin in ready:
            data = os.read(stdin, 4096)
            os.write(typed, data or b"exit\n")
            if not data:
                watched.discard(stdin)
        ended = ended or woken in ready
