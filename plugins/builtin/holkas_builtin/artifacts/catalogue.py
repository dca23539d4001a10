"""Names: which versions there are, what was said about each, tags, and documents about artifacts.

``names/NAME/versions/VERSION.json``, ``names/NAME/tags/TAG.json``, ``referrers/DIGITS/…json``; NAME and VERSION are
written as in a URL, so that each is one file name.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from holkas.model.artifact import Artifact
from holkas.roles.errors import Conflict, Corrupt, NotFound, ToolError
from holkas.state.durable import sync_directory, write_durably

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_MAX_FILE_NAME = 240


class Catalogue:
    """What is known by name. Safe for threads and processes: each entry is one file, made whole."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._names = directory / "names"
        self._referrers = directory / "referrers"

    def add(self, artifact: Artifact) -> Artifact:
        """Record a version that is not there yet; the one that is, when it has the same content. Raises Conflict."""
        final = self._entry(artifact.name, "versions", artifact.version)
        final.parent.mkdir(parents=True, exist_ok=True)
        if not _made(final, _encoded(artifact)):
            present = self.version(artifact.name, artifact.version)
            if present is None or present.digest != artifact.digest:
                digest = present.digest if present else "other content"
                raise Conflict(
                    f"{artifact.name} {artifact.version} is published already, as {digest}",
                    hint="give new content a new version",
                )
            return present
        return artifact

    def check(self, name: str, version: str) -> None:
        """Raises ToolError for what is no name or version, before anything is stored."""
        self._entry(name, "versions", version)

    def version(self, name: str, version: str) -> Artifact | None:
        """A published version, or None."""
        return self._read(self._entry(name, "versions", version))

    def versions(self, name: str) -> list[Artifact]:
        """All versions of a name, newest first."""
        found = [self._read(path) for path in (self._place(name) / "versions").glob("[!.]*.json")]
        return sorted(
            (one for one in found if one), key=lambda one: (one.published or 0, one.version), reverse=True
        )

    def names(self) -> list[str]:
        """All names that something was published under, in order."""
        return sorted(unquote(path.name) for path in self._names.glob("*") if path.is_dir())

    def tagged(self, name: str, tag: str) -> str:
        """The digest that a tag means; empty when there is no such tag."""
        try:
            text = self._entry(name, "tags", tag).read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""
        return str(_decoded(text, tag).get("digest", ""))

    def set_tag(self, name: str, tag: str, digest: str) -> None:
        """Let a tag mean a digest."""
        final = self._entry(name, "tags", tag)
        final.parent.mkdir(parents=True, exist_ok=True)
        write_durably(final, json.dumps({"digest": digest}).encode(), mode=0o644)

    def remove(self, name: str, version: str, digest: str) -> None:
        """Forget a version, and the tags of its digest when no other version has it."""
        present = self.version(name, version)
        if present is not None and present.digest == digest:
            self._entry(name, "versions", version).unlink(missing_ok=True)
        if any(one.digest == digest for one in self.versions(name)):
            return
        for path in (self._place(name) / "tags").glob("[!.]*.json"):
            with contextlib.suppress(FileNotFoundError):
                if _decoded(path.read_text(encoding="utf-8"), path.stem).get("digest") == digest:
                    path.unlink(missing_ok=True)

    def attach(self, document: Artifact) -> Artifact:
        """Record a document; the one that is there when it is the same."""
        identity = hashlib.sha256(f"{document.digest}\0{document.media_type}".encode()).hexdigest()
        final = self._referrers / document.subject.removeprefix("sha256:") / f"{identity}.json"
        final.parent.mkdir(parents=True, exist_ok=True)
        if _made(final, _encoded(document)):
            return document
        return self._read(final) or document

    def documents(self, subject: str) -> list[Artifact]:
        """Documents about a digest, oldest first."""
        found = [
            self._read(path)
            for path in (self._referrers / subject.removeprefix("sha256:")).glob("[!.]*.json")
        ]
        return sorted((one for one in found if one), key=lambda one: (one.published or 0, one.digest))

    def subjects(self) -> Iterator[tuple[str, Path]]:
        """Digests that documents are about, and the directory of their documents."""
        for path in self._referrers.glob("*"):
            yield f"sha256:{path.name}", path

    def unfinished(self) -> list[Path]:
        """Entries whose writer died before they had their name."""
        return [*self._names.glob("*/*/.*"), *self._referrers.glob("*/.*")]

    def _place(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ToolError(
                f"{name!r} is no name of an artifact",
                hint="letters, digits, dots, dashes, and slashes between",
            )
        return self._names / _file_name(name)

    def _entry(self, name: str, kind: str, reference: str) -> Path:
        if not reference.isprintable() or not reference or ":" in reference:
            raise ToolError(f"{reference!r} is no version or tag of an artifact")
        return self._place(name) / kind / f"{_file_name(reference)}.json"

    def _read(self, path: Path) -> Artifact | None:
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        fields = _decoded(text, path.name)
        try:
            return Artifact(**{**fields, "location": str(self._directory)})
        except TypeError as error:
            raise Corrupt(f"{path} is not an artifact's record: {error}") from None


def _file_name(text: str) -> str:
    quoted = quote(text, safe="")
    quoted = "%2E" + quoted[1:] if quoted.startswith(".") else quoted
    if len(quoted) > _MAX_FILE_NAME:
        raise ToolError(f"{text[:40]!r}… is too long for a name or version")
    return quoted


def _encoded(artifact: Artifact) -> bytes:
    fields: Mapping[str, Any] = {
        "name": artifact.name,
        "version": artifact.version,
        "digest": artifact.digest,
        "size": artifact.size,
        "tree": artifact.tree,
        "media_type": artifact.media_type,
        "metadata": dict(artifact.metadata),
        "published": artifact.published,
        "subject": artifact.subject,
    }
    return json.dumps(fields, indent=1).encode()


def _decoded(text: str, what: str) -> dict[str, Any]:
    try:
        fields = json.loads(text)
    except ValueError:
        raise Corrupt(f"the record of {what} is not JSON") from None
    if not isinstance(fields, dict):
        raise Corrupt(f"the record of {what} is not an object")
    return fields


def _made(path: Path, data: bytes) -> bool:
    """Make a file whole, or leave the one that is there; whether it was made."""
    descriptor, name = tempfile.mkstemp(prefix=".", dir=path.parent)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - of a descriptor
            os.fchmod(file.fileno(), 0o644)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(name, path)
        except FileExistsError:
            return False
        sync_directory(path.parent)
        return True
    finally:
        os.unlink(name)  # noqa: PTH108 - of a text


def missing(name: str, reference: str) -> NotFound:
    """The error for an artifact that is not there."""
    return NotFound(f"there is no artifact {name} {reference}")
