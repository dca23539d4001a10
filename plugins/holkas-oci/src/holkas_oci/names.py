"""What holkas calls a name and a version, as a registry's repository and tag, and back.

Source: OCI, "Distribution Specification", section "Pulling manifests" (the grammars of <name> and <reference>).
"""

from __future__ import annotations

import re

from holkas.roles.errors import ToolError

_REPOSITORY = re.compile(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*")
_PLAIN = re.compile(r"[A-Za-z0-9_.-]")
_ESCAPE = re.compile(r"_([0-9A-F]{2})")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_INTERNAL = re.compile(r"(?:sha256|content)-[0-9a-f]{64}")
_MAX_REPOSITORY, _MAX_TAG = 255, 128


def repository_of(prefix: str, name: str) -> str:
    """The repository that keeps an artifact's versions. Raises ToolError for a name that no registry takes."""
    if not _REPOSITORY.fullmatch(name):
        raise ToolError(
            f"{name!r} is no name that an OCI registry takes",
            hint="lower-case letters and digits, with . _ - between them and slashes between segments",
        )
    full = f"{prefix}/{name}" if prefix else name
    if len(full) > _MAX_REPOSITORY:
        raise ToolError(f"{name[:40]!r}… is too long for an OCI registry")
    return full


def name_of(prefix: str, repository: str) -> str:
    """The artifact's name of a repository; empty where it is not below the prefix."""
    if not prefix:
        return repository
    return repository.removeprefix(f"{prefix}/") if repository.startswith(f"{prefix}/") else ""


def tag_of(version: str) -> str:
    """The tag of a version, a different one for each: what no tag may hold is written ``_`` and two hexadecimal
    digits (``1.0+a`` is ``1.0_2Ba``). Raises ToolError."""
    written = ""
    for index, char in enumerate(version):
        plain = _PLAIN.fullmatch(char) and not (index == 0 and char in ".-")
        ambiguous = char == "_" and _ESCAPE.match(version, index)
        written += char if plain and not ambiguous else "".join(f"_{byte:02X}" for byte in _bytes(char))
    if not version or not version.isprintable() or ":" in version or _INTERNAL.fullmatch(written):
        raise ToolError(f"{version!r} is no version or tag of an artifact")
    if len(written) > _MAX_TAG:
        raise ToolError(f"{version[:40]!r}… is too long for a version or tag")
    return written


def version_of(tag: str) -> str:
    """The version of a tag; empty for the tags that this plugin and referrers need for themselves."""
    if _INTERNAL.fullmatch(tag):
        return ""
    data = re.sub(rb"_([0-9A-F]{2})", lambda found: bytes([int(found[1], 16)]), tag.encode())
    return data.decode("utf-8", "replace")


def content_tag(digest: str) -> str:
    """The tag by which content is found. Raises ToolError for what is no digest."""
    return f"content-{_digits(digest)}"


def referrers_tag(digest: str) -> str:
    """Source: OCI, "Distribution Specification", section "Referrers Tag Schema"."""
    return f"sha256-{_digits(digest)}"


def is_digest(text: str) -> bool:
    """Whether a text is ``sha256:`` and 64 hexadecimal digits."""
    return _DIGEST.fullmatch(text) is not None


def _digits(digest: str) -> str:
    if not is_digest(digest):
        raise ToolError(f"{digest!r} is no digest")
    return digest.removeprefix("sha256:")


def _bytes(char: str) -> bytes:
    return char.encode("utf-8", "surrogatepass")
