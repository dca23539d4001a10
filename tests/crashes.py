"""Kills at a chosen moment."""

from __future__ import annotations

import os
import signal
import sys

FILES = frozenset(
    {
        *("open", "os.rename", "os.mkdir", "os.symlink", "os.link", "os.remove", "os.rmdir", "os.chmod"),
        *("shutil.copyfile", "tempfile.mkstemp"),
    }
)
"""Audit events of acts on files. Source: Python's documentation, "Audit events table"."""


def crash_at(number, act, events=FILES):
    """Run ``act`` in a child that is killed at its n-th such event; whether it was killed."""
    child = os.fork()
    if child == 0:
        left = [number]

        def count(event, words):
            if event in events:
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        try:
            act()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
