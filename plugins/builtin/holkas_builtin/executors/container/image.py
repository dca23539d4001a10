"""An image as the engine knows it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from holkas.extensions.executor import ExecutorError
from holkas.records import dataclass

_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,511}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """What is used of it.

    id: with which it is started, so that one run uses one content. reference: as the manifest has it.
    digest: ``name@sha256:…``, of the registry's manifest where it came from one, else of the image itself.
    """

    id: str
    reference: str
    digest: str
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    user: str = ""
    path: str = ""
    home: str = ""


def checked(reference: str) -> str:
    """A reference that no engine can take for something else. Raises ExecutorError."""
    if not _REFERENCE.fullmatch(reference):
        raise ExecutorError(f"{reference[:80]!r} is not the name of an image")
    return reference


def images_of(text: str, references: Sequence[str]) -> list[Image]:
    """From ``image inspect`` of these references. Raises ValueError for what is no such answer."""
    entries = json.loads(text)
    if not isinstance(entries, list) or len(entries) != len(references):
        raise ValueError("the engine did not describe the images that it was asked for")
    return [_image(entry, reference) for entry, reference in zip(entries, references, strict=True)]


def _image(entry: Mapping[str, Any], reference: str) -> Image:
    config = entry.get("Config") or {}
    id_ = str(entry["Id"]).removeprefix("sha256:")
    if not re.fullmatch("[0-9a-f]{12,64}", id_):
        raise ValueError("the id of an image is not a digest")
    variables = dict(str(word).partition("=")[::2] for word in config.get("Env") or ())
    return Image(
        id=id_,
        reference=reference,
        digest=_digest(entry, reference, id_),
        entrypoint=tuple(map(str, config.get("Entrypoint") or ())),
        command=tuple(map(str, config.get("Cmd") or ())),
        user=str(config.get("User") or entry.get("User") or ""),
        path=variables.get("PATH", ""),
        home=variables.get("HOME", ""),
    )


def _digest(entry: Mapping[str, Any], reference: str, id_: str) -> str:
    """As Kubernetes' ``imageID`` has it: by the repository that was asked for, if the engine knows it from there."""
    name = repository(reference)
    known = [str(digest) for digest in entry.get("RepoDigests") or ()]
    if "@sha256:" in reference and any(digest.endswith(reference.partition("@")[2]) for digest in known):
        return f"{name}@{reference.partition('@')[2]}"
    own = next((digest for digest in known if digest.partition("@")[0] == name), "")
    if not own:
        own = next((digest for digest in known if digest.partition("@")[0].endswith(f"/{name}")), "")
    return own or (known[0] if known else f"{name}@sha256:{id_}")


def repository(reference: str) -> str:
    """The reference without tag and digest."""
    name = reference.partition("@")[0]
    head, slash, last = name.rpartition("/")
    return f"{head}{slash}{last.partition(':')[0]}"
