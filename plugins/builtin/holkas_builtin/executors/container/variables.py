"""How a step's variables get into its container without being seen in a list of processes."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from holkas.extensions.executor import ExecutorError
from holkas.records import dataclass

_OUR_OWN = re.compile(
    r"PATH|HOME|USER|LOGNAME|SHELL|TMPDIR|TMP|TEMP|PWD|GO.*|LD_.*|GLIBC_.*|MALLOC_.*|XDG_.*|DBUS_.*|SSL_.*"
    r"|DOCKER_.*|BUILDKIT_.*|CONTAINER.*|PODMAN.*|_CONTAINERS.*|BUILDAH.*|STORAGE_.*|REGISTR.*|NETAVARK.*|CNI_.*"
    r"|NOTIFY_.*|LISTEN_.*|CGROUP.*|.*_PROXY|SOURCE_DATE_EPOCH",
    re.IGNORECASE,
)
"""Names that the engine's own program reads: these must not become the step's."""

_NOT_A_NAME = re.compile(r"[=\0\s]|\*$|^#|^$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """options: for the engine. environ: of the engine's program, from which it takes values by their names."""

    options: tuple[str, ...]
    environ: Mapping[str, str]


def passed(env: Mapping[str, str], file: Path) -> Passed:
    """Variables by name through the environment; those that would confuse the engine by ``file``, which is made.

    Raises ExecutorError for a name that is none, and for a text of several lines that only a file could hold.
    """
    options: list[str] = []
    environ = dict(os.environ)
    lines: list[str] = []
    for name, value in env.items():
        if _NOT_A_NAME.search(name) or "\0" in value:
            raise ExecutorError(f"the variable {name[:80]!r} cannot be given to a container")
        if not _OUR_OWN.fullmatch(name):
            environ[name] = value
            options.append(f"--env={name}")
        elif "\n" in value or "\r" in value:
            raise ExecutorError(f"the variable {name} cannot have several lines in a container")
        else:
            lines.append(f"{name}={value}\n")
    if lines:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape") as opened:
            opened.writelines(lines)
        options.insert(0, f"--env-file={file}")
    return Passed(options=tuple(options), environ=environ)
