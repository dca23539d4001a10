"""What stands in ``release.json``: which release it is and what every file of it must be. No secret is in it."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from holkas.model.change import Change, ChangeKind
from holkas.records import dataclass
from holkas.roles.errors import Corrupt

FILE = "release.json"
_IGNORED = frozenset({"__pycache__"})
"""What interpreters leave beside the files that they run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """A release as it was deployed. artifacts: name → version and digest. files: path → mode and digest. values,
    settings: the configuration's and the environment's."""

    id: str
    artifacts: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    revision: str = ""

    def encoded(self) -> bytes:
        """Bytes of the file."""
        fields = {
            "version": 1,
            "id": self.id,
            "revision": self.revision,
            "artifacts": {name: list(one) for name, one in self.artifacts.items()},
            "values": dict(self.values),
            "secrets": list(self.secrets),
            "settings": self.settings,
            "files": dict(self.files),
        }
        return json.dumps(fields, indent=1, sort_keys=True).encode() + b"\n"


def plain(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings as they come back out of the record, so that they can be compared with it."""
    found: dict[str, Any] = json.loads(json.dumps(settings, default=_plain))
    return found


def _plain(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else str(value)


def read_record(directory: Path) -> Deployed:
    """The record of a release's directory. Raises Corrupt when it is missing or broken, OSError."""
    try:
        raw = json.loads((directory / FILE).read_text(encoding="utf-8"))
        return Deployed(
            id=str(raw["id"]),
            revision=str(raw.get("revision", "")),
            artifacts={name: (str(one[0]), str(one[1])) for name, one in raw["artifacts"].items()},
            files=dict(raw["files"]),
            values=dict(raw["values"]),
            secrets=tuple(raw["secrets"]),
            settings=raw["settings"],
        )
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        raise Corrupt(f"{directory / FILE} is missing or broken") from None


def files_of(directory: Path) -> dict[str, str]:
    """What is in a release's directory: path → kind of file and digest; the digest of a secret is not kept."""
    return dict(_files(directory, directory))


def _files(root: Path, directory: Path) -> Iterator[tuple[str, str]]:
    with os.scandir(directory) as entries:
        for entry in entries:
            path = os.path.relpath(entry.path, root)
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _IGNORED:
                    yield from _files(root, Path(entry.path))
            elif path != FILE:
                yield os.fsencode(path).decode("utf-8", "backslashreplace"), _state(entry, path)


def _state(entry: os.DirEntry[str], path: str) -> str:
    mode = entry.stat(follow_symlinks=False).st_mode
    if stat.S_ISLNK(mode):
        return f"link {os.readlink(entry.path)}"  # noqa: PTH115 - the text as it stands
    if path.startswith("secrets" + os.sep):
        # Only whether it is there and private: a digest would let anybody try values until one fits.
        return "secret" if mode & 0o077 == 0 else "secret that others can read"
    with Path(entry.path).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return f"{'executable' if mode & stat.S_IXUSR else 'file'} {digest}"


def differences(recorded: Mapping[str, str], found: Mapping[str, str]) -> list[Change]:
    """The changes that would make the found files the recorded ones."""
    changes = []
    for path in sorted(recorded.keys() | found.keys()):
        if path not in found:
            changes.append(Change(kind=ChangeKind.CREATE, subject=f"file {path}", detail="it was removed"))
        elif path not in recorded:
            changes.append(
                Change(kind=ChangeKind.DELETE, subject=f"file {path}", detail="it is not of the release")
            )
        elif recorded[path] != found[path]:
            changes.append(Change(kind=ChangeKind.UPDATE, subject=f"file {path}", detail="it was changed"))
    return changes
