"""Ends the process groups of a holkas that was killed (kill -9) and could not end them itself."""

from __future__ import annotations

import contextlib
import subprocess
import threading

_SCRIPT = """
groups=
while read -r change group; do
  case $change in
    +) groups="$groups $group " ;;
    -) case $groups in *" $group "*) groups="${groups%%" $group "*}${groups#*" $group "}" ;; esac ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group"; done
"""


class Watchdog:
    """A shell that is told of every group and waits for the end of its input, which the kernel closes with us.

    Safe for threads. Started with the first group. A process without a shell goes unguarded.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shell: subprocess.Popen[bytes] | None = None

    def add(self, group: int) -> None:
        """A group that must not outlive this process."""
        with self._lock:
            if self._shell is None:
                with contextlib.suppress(OSError):
                    self._shell = subprocess.Popen(
                        ["/bin/sh", "-c", _SCRIPT],
                        stdin=subprocess.PIPE,
                        stdout=subprocess.DEVNULL,
                        stderr=subprocess.DEVNULL,
                        cwd="/",
                        start_new_session=True,  # a Ctrl-C is not for it
                        bufsize=0,
                    )
            self._tell(b"+ %d\n" % group)

    def remove(self, group: int) -> None:
        """A group that has ended: its number may soon be somebody else's."""
        with self._lock:
            self._tell(b"- %d\n" % group)

    def close(self) -> None:
        """Let it go. What was not removed is killed."""
        with self._lock:
            shell, self._shell = self._shell, None
        if shell is not None and shell.stdin is not None:
            shell.stdin.close()
            shell.wait()

    def _tell(self, line: bytes) -> None:
        if self._shell is not None and self._shell.stdin is not None:
            with contextlib.suppress(OSError):  # somebody killed the shell: nothing is guarded any more
                self._shell.stdin.write(line)
