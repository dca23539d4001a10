"""Names of headers as Go's HTTP server has them, and the headers of an event under these names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_TOKEN = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")

Headers = Mapping[str, tuple[str, ...]]


def canonical_name(name: str) -> str:
    """``x-github-event`` → ``X-Github-Event``; a name with a space or another strange character stays as it is.

    Source: Go's net/textproto, CanonicalMIMEHeaderKey.
    """
    if not name or not _TOKEN.issuperset(name):
        return name
    return "-".join(part[:1].upper() + part[1:].lower() for part in name.split("-"))


def read_headers(pairs: Iterable[tuple[str, str]]) -> Headers:
    """Values by canonical name, in the order in which they came. ``Host`` is not among them, as in Go."""
    made: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        key = canonical_name(name)
        if key != "Host":
            made[key] = (*made.get(key, ()), value)
    return made


def first(headers: Headers, name: str) -> str:
    """The first value of a header, ``""`` where it is missing (Go's ``Header.Get``)."""
    values = headers.get(canonical_name(name), ())
    return values[0] if values else ""
