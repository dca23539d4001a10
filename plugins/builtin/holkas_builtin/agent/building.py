"""Builds the directory of a release: beside its place, verified, synced, and moved there whole.

``content/NAME`` is the artifact, ``config/PATH`` the configuration's files, ``config/values.json`` and
``config/values.env`` its values, ``secrets/NAME`` a secret as a file that only its owner may read.
"""

from __future__ import annotations

import json
import os
import posixpath
import re
import shlex
import shutil
from collections.abc import Iterable
from pathlib import Path

from holkas.model.release import Release
from holkas.roles.content import digest_of
from holkas.roles.errors import Corrupt, ToolError

from .place import EnvironmentPlace
from .record import FILE, Deployed, files_of

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_VALUES = frozenset({"values.json", "values.env"})


def check_release(release: Release) -> None:
    """Raises ToolError for a release that this agent cannot deploy, with everything that is wrong."""
    faults = []
    for artifact in release.artifacts:
        if not _inside(artifact.name):
            faults.append(f"artifact name {artifact.name!r} leaves the release")
        elif artifact.name not in release.content:
            faults.append(f"the content of artifact {artifact.name} is not there")
        elif not os.path.lexists(release.content[artifact.name]):
            faults.append(
                f"the content of artifact {artifact.name} is not at {release.content[artifact.name]}"
            )
    for path in release.configuration.files:
        if not _inside(path) or path in _VALUES:
            faults.append(f"configuration file {path!r} cannot be written")
    for kind, names in (("value", release.configuration.values), ("secret", release.configuration.secrets)):
        faults += [f"{kind} {name!r} is no name of a variable" for name in names if not _NAME.fullmatch(name)]
    both = release.configuration.values.keys() & release.configuration.secrets.keys()
    faults += [f"{name} is a value and a secret" for name in sorted(both)]
    faults += [f"{a} and {b} would be one inside the other" for a, b in _nested(release.content.keys())]
    faults += [
        f"{a} and {b} would be one inside the other" for a, b in _nested(release.configuration.files.keys())
    ]
    if faults:
        raise ToolError(f"release {release.id} cannot be deployed: {'; '.join(faults)}")


def build(place: EnvironmentPlace, release: Release, settings: dict[str, object]) -> int:
    """Build the release's directory and return its number. It is not in place yet.

    Raises Corrupt when an artifact's content is not what its digest says, OSError.
    """
    number = place.next_number()
    new = place.releases / f".new-{number}"
    if new.exists():
        shutil.rmtree(new)
    new.mkdir(mode=0o755)
    for artifact in release.artifacts:
        target = new / "content" / artifact.name
        target.parent.mkdir(parents=True, exist_ok=True)
        source = release.content[artifact.name]
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True)
        else:
            shutil.copy(source, target)
        if (found := digest_of(target)) != artifact.digest:
            raise Corrupt(
                f"the content of artifact {artifact.name} {artifact.version} has digest {found}, "
                f"not {artifact.digest}: it is not deployed"
            )
    _configure(new, release)
    record = Deployed(
        id=release.id,
        artifacts={one.name: (one.version, one.digest) for one in release.artifacts},
        values=dict(release.configuration.values),
        secrets=tuple(sorted(release.configuration.secrets)),
        settings=settings,
        revision=release.revision.id if release.revision else "",
        files=files_of(new),
    )
    _write(new / FILE, record.encoded(), 0o644)
    _sync(new)
    new.rename(place.release(number))
    return number


def _configure(new: Path, release: Release) -> None:
    configuration = release.configuration
    for path, content in configuration.files.items():
        target = new / "config" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(target, content, 0o644)
    values = dict(sorted(configuration.values.items()))
    (new / "config").mkdir(exist_ok=True)
    _write(new / "config" / "values.json", json.dumps(values, indent=1).encode() + b"\n", 0o644)
    lines = "".join(f"{name}={shlex.quote(value)}\n" for name, value in values.items())
    _write(new / "config" / "values.env", lines.encode("utf-8", "surrogateescape"), 0o644)
    if configuration.secrets:
        (new / "secrets").mkdir(mode=0o700)
        for name, secret in configuration.secrets.items():
            _write(new / "secrets" / name, secret.reveal(), 0o600)


def _write(path: Path, data: bytes, mode: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with open(os.open(path, flags, mode), "wb") as file:  # noqa: PTH123 - of a descriptor
        file.write(data)


def _sync(root: Path) -> None:
    """Let a tree survive a loss of power before it is given its name."""
    for directory, _, names in os.walk(root):
        for path in (Path(directory), *(Path(directory) / name for name in names)):
            if path.is_symlink():
                continue
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _inside(path: str) -> bool:
    parts = path.split("/")
    return bool(path) and "\0" not in path and all(part not in ("", ".", "..") for part in parts)


def _nested(paths: Iterable[str]) -> list[tuple[str, str]]:
    known = set(paths)
    found = []
    for path in sorted(known):
        parent = posixpath.dirname(path)
        while parent.strip("/"):
            if parent in known:
                found.append((parent, path))
            parent = posixpath.dirname(parent)
    return found
