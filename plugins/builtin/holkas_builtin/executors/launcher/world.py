"""Building a step's file system in a mount namespace of its own.

The launcher's own root is a small tmpfs: ``/host`` is the machine's tree, ``/base`` the read-only world that all
steps begin with. A step covers parts of ``/base`` in a copy of the namespace and makes it its root.
Paths of the world are resolved inside the world (``RESOLVE_IN_ROOT``) and sources without symbolic links, so no
link that a step has planted leads anywhere else.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Sequence

from . import syscalls as sys_
from .readonly import make_read_only

HOST = "/host"
BASE = "/base"
FDS = "/host/proc/self/fd"

_SEALED = sys_.MS_REMOUNT | sys_.MS_BIND | sys_.MS_RDONLY | sys_.MS_NOSUID | sys_.MS_NODEV

Operation = Sequence[str]
"""Name and arguments, the world's path last unless options follow: ``bind``, ``bind-ro`` or ``bind-try`` source
target, ``tmpfs``,
``proc`` or ``devpts`` target options, ``open`` (make room for new entries in) target, ``symlink`` text target,
``dir`` target, ``seal`` (make what is there read-only) target, ``read-only`` (with all below) target."""


def apply(operations: Sequence[Operation]) -> None:
    """Carry out operations on the world at ``/base``, in their order. Raises OSError."""
    opened: list[str] = []
    for name, *arguments in operations:
        target = arguments[-1]
        if name in ("bind", "bind-ro"):
            bind(arguments[0], target, read_only=name == "bind-ro")
        elif name == "bind-try":
            # What the user himself may not even look at, such as another's FUSE mount, is left out of the world.
            with contextlib.suppress(PermissionError, FileNotFoundError):
                bind(arguments[0], target, read_only=False)
        elif name in ("tmpfs", "proc", "devpts"):
            _mount_on(arguments[0], name, arguments[1])
        elif name == "open":
            open_up(target)
            opened.append(target)
        elif name == "symlink":
            os.symlink(arguments[0], BASE + target)  # noqa: PTH211 - no pathlib here
        elif name == "dir":
            os.close(locate(target, directory=True))
        elif name == "seal":
            sys_.mount(BASE + target, BASE + target, "", sys_.MS_BIND | sys_.MS_REC)
            make_read_only(BASE + target)
        elif name == "read-only":
            make_read_only(BASE + target.rstrip("/"))
        else:
            raise OSError(errno.EINVAL, "unknown operation", name)
    for target in opened:
        sys_.mount("", BASE + target.rstrip("/"), "", _SEALED)


def bind(source: str, target: str, *, read_only: bool) -> None:
    """A directory or file of the host, with everything mounted below it, at a path of the world."""
    handle = sys_.open_path(-100, HOST + source, sys_.RESOLVE_NO_SYMLINKS)
    try:
        directory = stat.S_ISDIR(os.fstat(handle).st_mode)
        place = locate(target, directory=directory)
        try:
            sys_.mount(f"{FDS}/{handle}", f"{FDS}/{place}", "", sys_.MS_BIND | sys_.MS_REC)
        finally:
            os.close(place)
    finally:
        os.close(handle)
    if read_only:
        place = locate(target, directory=directory)
        try:
            make_read_only(f"{FDS}/{place}")
        finally:
            os.close(place)


def locate(target: str, *, directory: bool) -> int:
    """A descriptor of a path of the world, which is created (an empty directory or file) where it is missing."""
    root = os.open(BASE, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        return _locate(root, target.strip("/"), directory)
    finally:
        os.close(root)


def _locate(root: int, path: str, directory: bool) -> int:
    try:
        return sys_.open_path(root, path or ".", sys_.RESOLVE_IN_ROOT)
    except FileNotFoundError:
        parent, _, name = path.rpartition("/")
        above = _locate(root, parent, True)
    try:
        if directory:
            os.mkdir(name, 0o755, dir_fd=above)
        else:
            os.close(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644, dir_fd=above))
        return sys_.open_path(above, name, sys_.RESOLVE_NO_SYMLINKS)
    finally:
        os.close(above)


def open_up(target: str) -> None:
    """Cover a directory of the world by a new one with the same entries, so that further ones can be created."""
    root = os.open(BASE, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    below = sys_.open_path(root, target.strip("/") or ".", sys_.RESOLVE_IN_ROOT, os.O_RDONLY | os.O_DIRECTORY)
    os.close(root)
    try:
        mode = stat.S_IMODE(os.fstat(below).st_mode)
        entries = list(os.scandir(below))
        _mount_on(target, "tmpfs", f"mode={mode:o}")
        root = os.open(BASE, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        above = sys_.open_path(root, target.strip("/") or ".", sys_.RESOLVE_IN_ROOT)
        os.close(root)
        try:
            for entry in entries:
                _copy_entry(entry, below, above)
        finally:
            os.close(above)
    finally:
        os.close(below)


def _copy_entry(entry: os.DirEntry[str], below: int, above: int) -> None:
    if entry.is_symlink():
        os.symlink(os.readlink(entry.name, dir_fd=below), entry.name, dir_fd=above)
        return
    if entry.is_dir(follow_symlinks=False):
        os.mkdir(entry.name, 0o755, dir_fd=above)
    else:
        os.close(
            os.open(entry.name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644, dir_fd=above)
        )
    sys_.mount(f"{FDS}/{below}/{entry.name}", f"{FDS}/{above}/{entry.name}", "", sys_.MS_BIND | sys_.MS_REC)


def _mount_on(target: str, kind: str, options: str) -> None:
    place = locate(target, directory=True)
    try:
        sys_.mount(kind, f"{FDS}/{place}", kind, sys_.MS_NOSUID | sys_.MS_NODEV, options)
    finally:
        os.close(place)


def prepare_root() -> None:
    """Make the launcher's root: a tmpfs with ``/host`` and an empty ``/base``."""
    sys_.mount("", "/", "", sys_.MS_REC | sys_.MS_PRIVATE)
    # Any directory does: it is covered only in this namespace and only until the pivot below.
    sys_.mount("tmpfs", "/proc", "tmpfs", sys_.MS_NOSUID | sys_.MS_NODEV, "mode=755")
    os.mkdir("/proc/host")  # noqa: PTH102 - no pathlib here
    os.mkdir("/proc/base")  # noqa: PTH102 - no pathlib in the launcher
    sys_.pivot_root("/proc", "/proc/host")
    os.chdir("/")
    sys_.mount("tmpfs", BASE, "tmpfs", sys_.MS_NOSUID | sys_.MS_NODEV, "mode=755")


def forget() -> None:
    """Let go of parts of the host's tree from which nothing is mounted: each one costs every step a copy."""
    for path in ("/sys", "/dev/pts", "/dev/mqueue", "/dev/hugepages"):
        with contextlib.suppress(OSError):
            sys_.detach(HOST + path)


def enter() -> None:
    """Make ``/base`` the root of this process and let go of everything else."""
    os.chdir(BASE)
    sys_.pivot_root(".", ".")
    sys_.detach(".")
    os.chdir("/")
