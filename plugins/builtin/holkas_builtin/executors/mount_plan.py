"""What a step's world is mounted from, as a list of operations. Pure: the host's tree is seen through ``Tree``.

The world is the host's tree, read-only, without what is private to the host's users (HIDDEN), with directories of
the attempt's own (HOME, /tmp, /workspace, /tekton) and the mounts of the place and of the step. A mount point that
does not exist on the host is created: its nearest directory is covered by a new one with the same entries.
The network is the host's.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Sequence
from typing import Literal, Protocol

from holkas.extensions.executor import ExecutorError, Mount

from .mount_points import FORBIDDEN, checked, within

Operation = tuple[str, ...]
Kind = Literal["directory", "file", "link", "missing"]

HIDDEN = ("/home", "/run", "/root", "/tmp", "/proc", "/dev", "/workspace", "/tekton")  # noqa: S108 - the step's
"""Entries of the host's root that no step sees. Sockets of daemons lie in /run."""

TOOLS = "/.holkas/bin"
"""Last entry of PATH: programs that images have and this machine lacks."""

OWN_TOOLS = "/run/holkas"
"""Where a step finds a program that it starts by its name and that lies in a hidden directory of the user's PATH."""

HIDDEN_FILES = ("/etc/shadow", "/etc/shadow-", "/etc/gshadow", "/etc/gshadow-", "/etc/sudoers")
"""Files that are empty in the world: they matter where holkas itself runs as root."""

EMPTY = ("/home", "/root", "/run", "/tmp", "/proc", "/dev", "/workspace", "/tekton", "/var/tmp")  # noqa: S108 - the step's
"""Directories that every world has."""

DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
DEVICE_LINKS = (
    ("/proc/self/fd", "/dev/fd"),
    ("/proc/self/fd/0", "/dev/stdin"),
    ("/proc/self/fd/1", "/dev/stdout"),
    ("/proc/self/fd/2", "/dev/stderr"),
    ("pts/ptmx", "/dev/ptmx"),
)
KERNEL = ("/proc/sys", "/proc/sysrq-trigger", "/proc/irq", "/proc/bus", "/proc/fs")
"""Parts of /proc through which root changes the machine; read-only where holkas runs as root."""


class Tree(Protocol):
    """The host's file system."""

    def kind(self, path: str) -> Kind:
        """What is at a path, links not followed."""

    def entries(self, path: str) -> Collection[str]:
        """Names in a directory."""

    def target(self, path: str) -> str:
        """Text of a symbolic link."""

    def real(self, path: str) -> str:
        """The path with all links resolved."""


def base(tree: Tree, homes: Iterable[str] = (), tools: Iterable[tuple[str, str]] = ()) -> list[Operation]:
    """The part that all worlds share; every directory of it is read-only in the end.

    homes: further home directories to be hidden. tools: names and targets of links in TOOLS.
    """
    plan: list[Operation] = []
    for name in sorted(tree.entries("/")):
        path = f"/{name}"
        if path in HIDDEN:
            continue
        kind = tree.kind(path)
        if kind == "link":
            plan.append(("symlink", tree.target(path), path))
        elif kind != "missing":
            plan.append(("bind-try", path, path))
    plan += [("dir", path) for path in (*EMPTY, TOOLS) if tree.kind(path) != "directory" or path in HIDDEN]
    for home in sorted(set(homes)):
        if home.count("/") >= 1 and not within(home, HIDDEN) and tree.kind(home) == "directory":
            plan.append(("tmpfs", home, "mode=755"))
    plan += [("bind", "/dev/null", path) for path in HIDDEN_FILES if tree.kind(path) == "file"]
    plan += [("symlink", target, f"{TOOLS}/{name}") for name, target in tools]
    plan.append(("read-only", "/"))
    plan.append(("tmpfs", "/dev", "mode=755"))
    plan += [("bind", f"/dev/{name}", f"/dev/{name}") for name in DEVICES]
    plan += [("symlink", text, path) for text, path in DEVICE_LINKS]
    plan += [("dir", "/dev/pts"), ("dir", "/dev/shm"), ("read-only", "/dev")]  # noqa: S108 - the step's
    return plan


def step(
    tree: Tree, mounts: Sequence[Mount], sources: Sequence[str], *, cwd: str = "/", root: bool = False
) -> list[Operation]:
    """One step's own part. Raises ExecutorError.

    sources: the mounts' sources with links resolved. cwd: is created where it is missing, as container engines do.
    root: whether the step is the machine's root.
    """
    plan: list[Operation] = [("proc", "/proc", "")]
    if root:
        plan += [("seal", path) for path in KERNEL if tree.kind(path) != "missing"]
    plan += [
        ("devpts", "/dev/pts", "newinstance,ptmxmode=0666,mode=620"),
        ("tmpfs", "/dev/shm", "mode=1777,size=64m"),  # noqa: S108 - the step's
        ("tmpfs", "/run", "mode=755"),
    ]
    resolver = tree.real("/etc/resolv.conf")
    if resolver.startswith("/run/") and tree.kind(resolver) == "file":
        plan.append(("bind-ro", resolver, resolver))
    made = ["/run"]
    opened: set[str] = set()
    for mount, source in zip(mounts, sources, strict=True):
        target = checked(mount.target)
        point = resolved(tree, target, made)
        if within(point, FORBIDDEN):
            raise ExecutorError(f'a volume must not be mounted at "{mount.target}"')
        above = missing_below(tree, point, made)
        if above is not None:
            opened.add(above)
        plan.append(("bind-ro" if mount.read_only else "bind", source, point))
        made.append(point)
    if cwd != "/" and cwd not in made:
        point = resolved(tree, checked(cwd), made)
        above = missing_below(tree, point, made)
        if above is not None:
            opened.add(above)
            plan.append(("tmpfs", point, "mode=755"))
        elif within(point, made):
            plan.append(("dir", point))
    # First of all and from the top: what is opened later would cover what was mounted below it.
    return [*(("open", path) for path in sorted(opened)), *plan]


def resolved(tree: Tree, path: str, made: Collection[str], hops: int = 40) -> str:
    """A path with the host's links in its directories and at its end resolved, up to the first mount in ``made``."""
    done = ""
    pending = path.strip("/").split("/")
    while pending:
        name = pending.pop(0)
        here = f"{done}/{name}"
        if here in made or _hidden(here):
            return "/".join((here, *pending))
        if tree.kind(here) != "link":
            done = here
            continue
        hops -= 1
        if hops < 0:
            raise ExecutorError(f'too many symbolic links in the mount path "{path}"')
        text = posixpath.normpath(posixpath.join(done or "/", tree.target(here)))
        pending = [*text.strip("/").split("/"), *pending]
        done = ""
    return done


def missing_below(tree: Tree, point: str, made: Collection[str]) -> str | None:
    """The directory of the read-only part that lacks an entry on the way to a mount point; None where none does."""
    if within(point, made):
        return None
    done = ""
    for name in point.strip("/").split("/"):
        here = f"{done}/{name}"
        exists = here in EMPTY or (tree.kind(here) != "missing" and not _hidden(here))
        if not exists:
            return done or "/"
        done = here
    return None


def _hidden(path: str) -> bool:
    return within(path, HIDDEN)
