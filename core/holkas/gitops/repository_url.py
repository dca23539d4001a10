"""Addresses of repositories: when two of them mean the same, and what may be shown of them."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

_SSH = re.compile(r"^(ssh://)?([^/:]*?)@[^@]+$")
_SCHEME = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]*$")
_ESCAPE = re.compile(r"%(?![0-9a-fA-F]{2})")
_USER = r"[\w.][\w.-]{0,30}[\w.$-]?"
_SHOWN = "/:@&=+$,;~*!'()[]?#%."


def normalize_repository(url: str) -> str:
    """The form in which addresses are compared; empty for one that is none (util/git, ``NormalizeGitURL``).

    Case, ``.git`` at the end, and the two ways to write SSH make no difference.
    """
    text = url.strip().lower()
    if _SSH.match(text) and not text.startswith("ssh://"):
        text = "ssh://" + text.replace(":", "/", 1)
    text = text.removesuffix(".git")
    return "" if is_malformed(text) else _escaped(text).removeprefix("ssh://")


def same_repository(one: str, other: str) -> bool:
    """Whether two addresses mean one repository."""
    return normalize_repository(one) == normalize_repository(other)


def sanitized(url: str) -> str:
    """The address without user and password, for logs and messages; what is no URL comes back as it is."""
    scheme, separator, rest = url.partition("://")
    if not separator or not _SCHEME.match(scheme) or is_malformed(url):
        return url
    authority, slash, path = rest.partition("/")
    host = authority.rpartition("@")[2]
    return f"{scheme}://{host}{slash}{path}"


def normalize_oci(url: str) -> str:
    """An OCI address without scheme and without slashes at its end."""
    return url.removeprefix("oci://").rstrip("/")


def is_of_web_page(repository: str, page: str) -> bool:
    """Whether a repository is the one that a server shows at an address, as webhooks tell it.

    Source of the rule: util/webhook (``GetWebURLRegex``): scheme, user, port, ``.git`` and an ``ssh.`` in front make no
    difference.
    """
    if is_malformed(page):
        return False
    parts = urlsplit(page)
    if not parts.hostname:
        return False
    host, path = re.escape(parts.hostname), re.escape(unquote(parts.path).removeprefix("/"))
    pattern = rf"((https?|ssh)://)?({_USER}@)?((alt)?ssh\.)?{host}(:\d+)?[:/]{path}(\.git)?"
    return re.fullmatch(pattern, repository, re.IGNORECASE | re.ASCII) is not None


def is_malformed(url: str) -> bool:
    """Whether Go's net/url refuses an address: control characters, a bad escape, scheme, host or port."""
    if any(character < " " or character == "\x7f" for character in url):
        return True
    before, colon, rest = url.partition(":")
    first_segment = before if "/" not in before and "?" not in before and "#" not in before else None
    if colon and first_segment is not None and not _SCHEME.match(first_segment):
        return True
    if _ESCAPE.search(url.partition("?")[0]):
        return True
    if not rest.startswith("//"):
        return False
    authority = re.split(r"[/?#]", rest[2:], maxsplit=1)[0]
    host = authority.rpartition("@")[2]
    port = host.rpartition("]")[2].partition(":")
    if host.startswith("[") and "]" not in host:
        return True
    return bool(port[1] and port[2] and not port[2].isdigit()) or " " in host


def _escaped(text: str) -> str:
    """Characters that a URL cannot hold, escaped as Go's net/url writes them."""
    return text if text.isascii() and " " not in text else quote(unquote(text), safe=_SHOWN, errors="replace")
