"""What a step may not do although it is root in its world."""

from __future__ import annotations

import contextlib
import os

from . import syscalls as sys_

KEPT = frozenset({0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 29, 31})
"""Capabilities that container engines leave to root by default, without CAP_MKNOD (see capabilities(7)): CHOWN,
DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID, SETPCAP, NET_BIND_SERVICE, NET_RAW, SYS_CHROOT, AUDIT_WRITE,
SETFCAP."""

LAST = 63
"""Numbers end long before; the kernel refuses the first that it does not know."""


def limit() -> None:
    """Capabilities that no program started from here can have, whatever its owner or file says.

    The launcher and its forks keep theirs, since they start no further program of their own.
    """
    with contextlib.suppress(OSError):
        for number in range(LAST + 1):
            if number not in KEPT:
                sys_.prctl(sys_.PR_CAPBSET_DROP, number)
    sys_.prctl(sys_.PR_SET_NO_NEW_PRIVS, 1)


def become(user: int | None, group: int | None) -> None:
    """Take on user and group where they are given (real root only)."""
    if group is not None or user is not None:
        os.setgroups([])
    if group is not None:
        os.setresgid(group, group, group)
    if user is not None:
        os.setresuid(user, user, user)
    # The step must not read or stop the process that watches it.
    sys_.prctl(sys_.PR_SET_DUMPABLE, 0)
