"""Paths with slashes, and URLs. Source: sprig's documentation, "Path and Filepath Functions" and "URL Functions"."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Any

from holkas.gitops.go_url import Url, UrlError, parse_url

from holkas_compat.gotemplate.errors import FunctionError
from holkas_compat.gotemplate.function import Function, function
from holkas_compat.gotemplate.quoting import quoted
from holkas_compat.gotemplate.values import kind_name

_JOINED = ("scheme", "host", "path", "query", "opaque", "fragment")


def clean(path: str) -> str:
    """The shortest path that means the same."""
    if not path:
        return "."
    made = posixpath.normpath(path)
    return made[1:] if made.startswith("//") else made


def base(path: str) -> str:
    """The last element."""
    if not path:
        return "."
    return path.rstrip("/").rpartition("/")[2] or "/"


def directory(path: str) -> str:
    """All but the last element."""
    return clean(path[: path.rfind("/") + 1])


def extension(path: str) -> str:
    """From the last dot of the last element on."""
    name = path.rpartition("/")[2]
    return name[name.rfind(".") :] if "." in name else ""


def url_parse(text: str) -> dict[str, Any]:
    """A URL's parts. Raises FunctionError."""
    try:
        found = parse_url(text)
    except UrlError as error:
        raise FunctionError(f"unable to parse url: parse {quoted(text)}: {error}") from error
    return {
        "scheme": found.scheme,
        "host": found.host,
        "hostname": found.hostname(),
        "path": found.path,
        "query": found.query,
        "opaque": found.opaque,
        "fragment": found.fragment,
        "userinfo": found.user_text(),
    }


def url_join(parts: dict[str, Any] | None) -> str:
    """A URL of its parts. Raises FunctionError."""
    given = parts or {}
    for name in ("scheme", "host", "path", "query", "opaque", "fragment", "userinfo"):
        if not isinstance(given.get(name, ""), str):
            found = kind_name(given[name])
            raise FunctionError(f"unable to parse {name} key, must be of type string, but {found} found")
    user = None
    if info := given.get("userinfo", ""):
        try:
            user = parse_url(f"proto://{info}@host").user
        except UrlError as error:
            raise FunctionError(f"unable to parse userinfo in dict: {error}") from error
    return str(Url(user=user, **{name: given.get(name, "") for name in _JOINED}))


PATHS: Mapping[str, Function] = {
    "base": function(base, "string"),
    "dir": function(directory, "string"),
    "clean": function(clean, "string"),
    "ext": function(extension, "string"),
    "isAbs": function(lambda path: path.startswith("/"), "string"),
    "osBase": function(base, "string"),
    "osDir": function(directory, "string"),
    "osClean": function(clean, "string"),
    "osExt": function(extension, "string"),
    "osIsAbs": function(lambda path: path.startswith("/"), "string"),
    "urlParse": function(url_parse, "string"),
    "urlJoin": function(url_join, "map"),
}
"""Name → function."""
