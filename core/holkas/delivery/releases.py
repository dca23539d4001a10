"""Releases: which artifacts with which configuration, under an id that is the same for the same."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import Any

from holkas.model.artifact import Artifact
from holkas.model.canonical_json import canonical
from holkas.model.release import Configuration


def configuration_data(
    configuration: Configuration, references: Mapping[str, str], key: bytes
) -> dict[str, Any]:
    """What is recorded of a configuration: values, digests of files, and of secrets where they come from.

    references: name of a secret → ``path#key``. key: of this state directory; a secret's mark can be compared with
    another one but not guessed without it.
    """
    return {
        "values": dict(configuration.values),
        "files": {path: hashlib.sha256(data).hexdigest() for path, data in configuration.files.items()},
        "secrets": {name: references.get(name, "") for name in configuration.secrets},
        "marks": {
            name: hmac.new(key, name.encode() + b"\0" + secret.reveal(), hashlib.sha256).hexdigest()[:16]
            for name, secret in configuration.secrets.items()
        },
    }


def release_id(artifacts: Iterable[Artifact], configuration: Mapping[str, Any]) -> str:
    """The id of a release: 16 hexadecimal digits over the digests and the recorded configuration."""
    what = {
        "artifacts": {artifact.name: artifact.digest for artifact in artifacts},
        **{part: configuration.get(part, {}) for part in ("values", "files", "marks")},
    }
    return hashlib.sha256(canonical(what).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """What differs between two recorded configurations: (part, name, old, new), without any secret's value."""
    found = []
    for part, recorded in (("value", "values"), ("file", "files"), ("secret", "marks")):
        before, after = old.get(recorded, {}), new.get(recorded, {})
        for name in sorted(before.keys() | after.keys()):
            if before.get(name) != after.get(name):
                found.append((part, name, _shown(part, old, before, name), _shown(part, new, after, name)))
    return found


def _shown(part: str, whole: Mapping[str, Any], values: Mapping[str, str], name: str) -> str:
    if name not in values:
        return "-"
    if part == "secret":
        return f"*** ({whole.get('secrets', {}).get(name, '')})"
    return f"sha256:{values[name][:12]}" if part == "file" else str(values[name])
