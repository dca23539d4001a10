"""Paths with slashes, and URLs. Source: sprig's documentation, "Path and Filepath Functions" and "URL Functions"."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from holkas_compat.gotemplate.errors import FunctionError
from holkas_compat.gotemplate.function import Function, function
from holkas_compat.gotemplate.values import type_name

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")


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
        parts = urlsplit(text)
        host = parts.netloc.rpartition("@")[2]
        user = parts.netloc.rpartition("@")[0]
        name = parts.hostname or ""
    except ValueError as error:
        raise FunctionError(f"unable to parse url: {error}") from error
    if host.startswith("["):
        name = host[1 : host.find("]")]
    else:
        name = host.partition(":")[0]
    opaque, path = "", unquote(parts.path)
    if parts.scheme and not text.partition(":")[2].startswith("/"):
        opaque, path = parts.path, ""
    return {
        "scheme": parts.scheme,
        "host": host,
        "hostname": name,
        "path": path,
        "query": parts.query,
        "opaque": opaque,
        "fragment": unquote(parts.fragment),
        "userinfo": user,
    }


def url_join(parts: dict[str, Any] | None) -> str:
    """A URL of its parts. Raises FunctionError."""
    given = parts or {}
    for name in ("scheme", "host", "path", "query", "opaque", "fragment", "userinfo"):
        if not isinstance(given.get(name, ""), str):
            found = type_name(given[name])
            raise FunctionError(f"unable to parse {name} key, must be of type string, but {found} found")
    scheme, opaque = given.get("scheme", ""), given.get("opaque", "")
    text = f"{scheme}:" if scheme else ""
    if opaque:
        text += opaque
    else:
        host, user, path = given.get("host", ""), given.get("userinfo", ""), given.get("path", "")
        if scheme or host or user:
            if host or path or user:
                text += "//"
            text += (user + "@" if user else "") + host
        escaped = quote(path, safe="/!$&'()*+,;=:@-._~")
        if escaped and not escaped.startswith("/") and host:
            escaped = "/" + escaped
        text += escaped
    if query := given.get("query", ""):
        text += "?" + query
    if fragment := given.get("fragment", ""):
        text += "#" + quote(fragment, safe="!$&'()*+,;=:@-._~/?")
    return text


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
