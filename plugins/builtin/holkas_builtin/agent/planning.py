"""What would change: the release that is wanted against the one that is in place."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from holkas.model.change import Change, ChangeKind
from holkas.model.release import Release
from holkas.roles.errors import Corrupt

from .place import EnvironmentPlace
from .record import Deployed, differences, files_of, plain, read_record
from .service import ServiceStatus
from .settings import Settings


def present(place: EnvironmentPlace) -> Deployed | None:
    """The record of the release in place; None where there is none, or none that can be read."""
    number = place.current()
    if not number:
        return None
    try:
        return read_record(place.release(number))
    except Corrupt:
        return None


def changes_to(
    place: EnvironmentPlace,
    release: Release,
    raw: Mapping[str, Any],
    settings: Settings,
    status: ServiceStatus,
) -> tuple[Change, ...]:
    """What deploying the release would change; none where it is in place, whole, and its process runs."""
    before = present(place)
    changes = _content(before, release) if before else _all(release)
    if before is not None:
        changes += _configuration(before, release, place.release(place.current()))
        if before.id != release.id:
            changes.append(_change("UPDATE", "release", f"{before.id} → {release.id}"))
        if not changes and before.settings != plain(raw):
            changes.append(_change("UPDATE", "settings", "of the environment"))
        if not changes:
            changes += drift_of(place, before)
    return tuple(changes + _service(settings, status, place.current(), bool(changes)))


def drift_of(place: EnvironmentPlace, before: Deployed) -> list[Change]:
    """What somebody else changed in the files of the release in place."""
    return differences(before.files, files_of(place.release(place.current())))


def service_drift(settings: Settings, status: ServiceStatus, number: int) -> list[Change]:
    """The start that a process needs which does not run as it should."""
    return _service(settings, status, number, False)


def _service(settings: Settings, status: ServiceStatus, number: int, replaced: bool) -> list[Change]:
    if not settings.command:
        return [_change("DELETE", "process", "no command is set any more")] if status.supervised else []
    if not status.supervised:
        return [_change("CREATE", "process", settings.command[0])]
    if replaced or status.release != number:
        return [_change("RESTART", "process", settings.command[0])]
    return []


def _all(release: Release) -> list[Change]:
    configuration = release.configuration
    return [
        _change("CREATE", "release", release.id),
        *(
            _change("CREATE", f"artifact {one.name}", f"{one.version} {one.digest}")
            for one in release.artifacts
        ),
        *(_change("CREATE", f"file {path}") for path in sorted(configuration.files)),
        *(_change("CREATE", f"value {name}", value) for name, value in sorted(configuration.values.items())),
        *(_change("CREATE", f"secret {name}") for name in sorted(configuration.secrets)),
    ]


def _content(before: Deployed, release: Release) -> list[Change]:
    wanted = {one.name: (one.version, one.digest) for one in release.artifacts}
    found = []
    for name in sorted(wanted.keys() | before.artifacts.keys()):
        old, new = before.artifacts.get(name), wanted.get(name)
        if old == new:
            continue
        if old is None and new is not None:
            found.append(_change("CREATE", f"artifact {name}", " ".join(new)))
        elif new is None and old is not None:
            found.append(_change("DELETE", f"artifact {name}", " ".join(old)))
        elif old is not None and new is not None:
            found.append(_change("UPDATE", f"artifact {name}", f"{' '.join(old)} → {' '.join(new)}"))
    return found


def _configuration(before: Deployed, release: Release, directory: Path) -> list[Change]:
    configuration = release.configuration
    found = []
    values = configuration.values
    for name in sorted(before.values.keys() | values.keys()):
        old, new = before.values.get(name), values.get(name)
        if old != new:
            found.append(_change(_kind(old, new), f"value {name}", f"{old or ''} → {new or ''}"))
    secrets = configuration.secrets
    for name in sorted({*before.secrets, *secrets}):
        old_secret = _read(directory / "secrets" / name) if name in before.secrets else None
        new_secret = secrets[name].reveal() if name in secrets else None
        if old_secret != new_secret:
            found.append(_change(_kind(old_secret, new_secret), f"secret {name}"))
    files = configuration.files
    recorded = {path.removeprefix("config/") for path in before.files if path.startswith("config/")} - {
        "values.json",
        "values.env",
    }
    for path in sorted(recorded | files.keys()):
        # Against the record, not the file: what somebody else changed is drift.
        old_file = before.files.get(f"config/{path}")
        new_file = f"file {hashlib.sha256(files[path]).hexdigest()}" if path in files else None
        if old_file != new_file:
            found.append(_change(_kind(old_file, new_file), f"file {path}"))
    return found


def _kind(old: object, new: object) -> str:
    return "CREATE" if old is None else "DELETE" if new is None else "UPDATE"


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _change(kind: str, subject: str, detail: str = "") -> Change:
    return Change(kind=ChangeKind[kind], subject=subject, detail=detail)
