"""Making a mount and everything below it read-only, on kernels old and new."""

from __future__ import annotations

import errno
import os

from . import syscalls as sys_

MOUNTINFO = "/host/proc/self/mountinfo"
_KEPT = {
    "nosuid": sys_.MS_NOSUID,
    "nodev": sys_.MS_NODEV,
    "noexec": sys_.MS_NOEXEC,
    "noatime": sys_.MS_NOATIME,
    "nodiratime": sys_.MS_NODIRATIME,
    "relatime": sys_.MS_RELATIME,
}


def make_read_only(target: str) -> None:
    """mount_setattr where the kernel has it (5.12), else a remount of each mount. Raises OSError."""
    try:
        sys_.set_read_only(target)
    except OSError as error:
        if error.errno != errno.ENOSYS:
            raise
        with open(MOUNTINFO, encoding="utf-8", errors="surrogateescape") as file:  # noqa: PTH123 - no pathlib here
            text = file.read()
        for path, flags in below(text, real(target)):
            sys_.mount("", path, "", sys_.MS_REMOUNT | sys_.MS_BIND | sys_.MS_RDONLY | flags)


def real(target: str) -> str:
    """A path of the mount table: what a link of /proc/self/fd stands for, everything else as it is."""
    return os.readlink(target) if target.startswith("/host/proc/") else target  # noqa: PTH115 - no pathlib here


def below(mountinfo: str, root: str) -> list[tuple[str, int]]:
    """Mount points at and below a path, with the flags that a remount has to keep. Source: proc(5), mountinfo."""
    found = []
    for line in mountinfo.splitlines():
        fields = line.split(" ")
        path = fields[4].encode("utf-8", "surrogateescape").decode("unicode_escape")
        path = path.encode("latin-1", "surrogateescape").decode("utf-8", "surrogateescape")
        if path == root or path.startswith(root.rstrip("/") + "/"):
            found.append((path, sum(_KEPT.get(option, 0) for option in fields[5].split(","))))
    return found
