"""Names that come from strangers' files: refs, ids, paths. None of them becomes an option of git."""

from __future__ import annotations

import re

from holkas.roles.errors import NotFound, ToolError

_BAD_REF = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(?:/|$)|^[-/.]|[/.]$|^@$")
_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SHORT_ID = re.compile(r"[0-9a-f]{4,64}")


def ref_fault(ref: str) -> str:
    """Why a text cannot name a branch or a tag; empty when it can. Source: git-check-ref-format(1)."""
    if not ref or _BAD_REF.search(ref):
        return f"{ref!r} cannot name a branch, a tag or a revision"
    return ""


def check_ref(ref: str) -> str:
    """The ref. Raises NotFound for what cannot be one."""
    if fault := ref_fault(ref):
        raise NotFound(fault)
    return ref


def is_id(text: str) -> bool:
    """Whether a text is a whole object id (SHA-1 or SHA-256)."""
    return _ID.fullmatch(text) is not None


def may_be_short_id(text: str) -> bool:
    """Whether a text may be the beginning of an object id."""
    return _SHORT_ID.fullmatch(text) is not None


def check_path(path: str) -> str:
    """A relative path of a file in a repository. Raises ToolError for one that leaves it or means git's own files."""
    parts = path.split("/")
    if not path or "\0" in path or any(part in ("", ".", "..") for part in parts):
        raise ToolError(f"{path!r} is not a path inside the repository")
    if any(part.rstrip(". ").lower() in (".git", "git~1") for part in parts):
        raise ToolError(f"{path!r} means git's own files")
    return path
