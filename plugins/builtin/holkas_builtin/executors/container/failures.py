"""Why a container did not start what it was to start."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from pathlib import Path

from holkas.extensions.executor import Command, ExecutorError, Mount

from .engine import Engine, EngineError, sentence

SUSPICIOUS = (1, 126, 127, 128, 255)
"""Exit codes with which engines and their first processes say that there was nothing to start."""

_LONGEST = 256
_MISSING = "there is no such program in the image"
_FORBIDDEN = "permission denied: it is a directory or not executable"


def started_not(command: Command, why: str) -> ExecutorError:
    """The error for an engine's own words ``why``."""
    lower = why.lower()
    if "executable file not found" in lower or ("exec" in lower and "no such file" in lower):
        return cannot(command, _MISSING)
    if "exec" in lower and ("permission denied" in lower or "is a directory" in lower):
        return cannot(command, _FORBIDDEN)
    return cannot(command, why or "the engine does not say why")


def cannot(command: Command, why: str) -> ExecutorError:
    """The error for a sentence."""
    program = command.argv[0] if command.argv else "what the image starts"
    return ExecutorError(f'cannot start "{program}" (image {command.image}): {why}')


def refuse_script(command: Command, mounts: Iterable[Mount]) -> str:
    """The interpreter of a script that lies in a mount; empty for what is none.

    Raises ExecutorError for a file there that can be no program: first processes give such files to a shell, Tekton's
    entrypoint does not.
    """
    if not command.argv or not command.argv[0].startswith("/"):
        return ""
    source = _source(command.argv[0], mounts)
    if source is None:
        return ""
    try:
        with source.open("rb") as file:
            start = file.read(_LONGEST)
    except FileNotFoundError as error:
        raise cannot(command, _MISSING) from error
    except OSError:
        return ""
    if source.stat().st_mode & 0o111 == 0:
        raise cannot(command, _FORBIDDEN)
    if start.startswith(b"#!"):
        words = start[2:].partition(b"\n")[0].split()
        return words[0].decode("utf-8", "replace") if words else ""
    if not start.startswith(b"\x7fELF"):
        raise cannot(
            command,
            "exec format error: it is neither a program for this machine nor a script that begins with #!",
        )
    return ""


def _source(path: str, mounts: Iterable[Mount]) -> Path | None:
    found, length = None, -1
    for mount in mounts:
        target = mount.target.rstrip("/")
        if (path == target or path.startswith(f"{target}/")) and len(target) > length:
            found, length = Path(f"{mount.source}{path[len(target) :]}"), len(target)
    return found


def lacks(engine: Engine, container: str, program: str, path: str) -> str:
    """Why a container that has ended cannot have started a program: nothing is there, or nothing executable.

    path: PATH in the container. Empty where it is there, or where nothing can be said.
    """
    places = (
        [program]
        if "/" in program
        else [posixpath.join(place, program) for place in path.split(":") if place]
    )
    forbidden = False
    for place in places:
        try:
            mode = _mode(engine, f"{container}:{place}")
        except EngineError:
            return ""
        if mode is None:
            continue
        if mode & 0o111:
            return ""
        forbidden = True
    return _FORBIDDEN if forbidden else _MISSING


def _mode(engine: Engine, where: str) -> int | None:
    """The mode of a file of a container, from the head of the archive that ``cp`` makes of it; None without a file.

    A link counts as executable: where it leads to is not looked at. Source: the format ustar, POSIX pax(1).
    """
    head, said = engine.head("cp", where, "-", size=512)
    if len(head) < 512:
        if re.search(r"no such|not (be )?f(ou|i)nd|does not exist", said, re.IGNORECASE):
            return None
        raise EngineError(sentence(said))
    kind = head[156:157]
    if kind in (b"x", b"g", b"L", b"K"):  # more about it follows; that it is there is enough
        return 0o755
    if kind == b"5":
        return 0
    return int(head[100:108].strip(b"\0 ") or b"0", 8)
