"""Programs that images have and this machine lacks, or has in another directory."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import zlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path, PurePosixPath

from .shebang import first_line

ALIASES: dict[str, tuple[str, ...]] = {
    "ash": ("busybox", "dash", "sh"),
    "python": ("python3",),
    "pip": ("pip3",),
    "node": ("nodejs",),
    "wget": ("busybox",),
    "nc": ("busybox", "netcat"),
    "nslookup": ("busybox",),
    "ps": ("busybox",),
    "vi": ("busybox",),
    "xxd": ("busybox",),
    "hostname": ("busybox",),
    "tree": ("busybox",),
}
"""Name of a program → programs that stand in for it, best first. busybox goes by the name it is called by."""

MISSING = frozenset({errno.ENOENT, errno.ENOTDIR})
"""errno values after which another place is worth a look."""


@cache
def missing(path: str) -> tuple[tuple[str, str], ...]:
    """Names of ALIASES that are not in a PATH, with the absolute path of the first stand-in that is."""
    found = []
    for name, others in ALIASES.items():
        if shutil.which(name, path=path) is None:
            stand_in = next(filter(None, (shutil.which(other, path=path) for other in others)), None)
            if stand_in is not None:
                found.append(
                    (name, str(Path(stand_in).resolve()) if Path(stand_in).is_symlink() else stand_in)
                )
    return tuple(found)


def install(above: Path) -> str:
    """Links for what the host's PATH lacks, in a directory of their own below one that may be shared and kept.

    Returns that directory, or an empty text where nothing is missing. Its name tells its content, so that what was
    made for another machine or PATH is not taken for it.
    """
    links = missing(os.environ.get("PATH", os.defpath))
    if not links:
        return ""
    directory = above / f"{zlib.crc32(repr(links).encode()):08x}"
    directory.mkdir(parents=True, exist_ok=True)
    for name, target in links:
        with contextlib.suppress(FileExistsError):
            (directory / name).symlink_to(target)
    return str(directory)


OWN_SHELL = Path("/bin/sh")
SHELLS = {"busybox": ("busybox", "bash")}
"""Shell of an image → programs of this machine that stand in for it when they are called ``sh``, best first."""


@cache
def shell(family: str) -> str:
    """Path of the program that stands in for an image's /bin/sh; empty where this machine's own has to do."""
    if OWN_SHELL.resolve().name in SHELLS.get(family, ()):
        return ""
    found = filter(None, (shutil.which(name) for name in SHELLS.get(family, ())))
    return next((str(Path(path).resolve()) for path in found), "")


def called_shell(family: str) -> tuple[str, ...]:
    """How :func:`shell` is called so that it is one: busybox looks at its name. Empty where there is none."""
    program = shell(family) if family else ""
    if not program:
        return ()
    return (program, "sh") if program.rpartition("/")[2].startswith("busybox") else (program,)


def of_the_user(program: str) -> str:
    """Where a program without a directory lies on the user's PATH, links resolved; empty where it does not."""
    found = None if "/" in program else shutil.which(program)
    return str(Path(found).resolve()) if found else ""


def elsewhere(argv: Sequence[str], script: str, path: str, cwd: str) -> tuple[str, ...] | None:
    """The command with its program, or its script's interpreter, looked up by name in a PATH.

    Images keep interpreters in other directories than this machine (``/usr/local/bin/bash``), so what is missing
    under such a path is taken from PATH. ``script``: where the command's program lies on the host. None where
    that finds nothing.
    """
    line = first_line(script, cwd) if "/" in script else []
    if line:
        found = _by_name(line[0], path)
        return (found, *line[1:], *argv) if found else None
    found = _by_name(argv[0], path)
    return (found, *argv[1:]) if found else None


def _by_name(program: str, path: str) -> str | None:
    parts = PurePosixPath(program)
    if parts.parent.name not in ("bin", "sbin"):
        return None
    found = shutil.which(parts.name, path=path)
    return None if found == program else found
