"""URLs as Go's package net/url reads and writes them, which decides when two addresses are the same to Argo CD.

Source of the rules: documentation of net/url (Parse, URL.String), RFC 3986, RFC 6874.
"""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv6Address
from urllib.parse import quote, unquote_to_bytes

from holkas.records import dataclass

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BAD_ESCAPE = re.compile(r"%(?![0-9a-fA-F]{2}).{0,2}", re.DOTALL)
_USER = re.compile(r"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*")
_PORT = re.compile(r"(?::[0-9]*)?")
_HOST_ESCAPE = re.compile(r"%[0-7][0-9a-fA-F]")
_HOST = "!$&'()*+,;=:[]<>\"-_.~"
_PATH = "$&+,/:;=@-_.~"
_USER_KEPT = "$&+,;=-_.~"
_FRAGMENT = "$&+,/:;=?@!()*-_.~"
_ENCODED_PATH = re.compile(r"[A-Za-z0-9\-_.~!$&'()*+,;=:@/\[\]%]*")
_ENCODED_FRAGMENT = re.compile(r"[A-Za-z0-9\-_.~!$&'()*+,;=:@/?\[\]%]*")


class UrlError(ValueError):
    """A text that is no URL; the message is Go's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Url:
    """The parts, decoded. raw_path, raw_fragment: as they were written where that is not how they would be written.

    user: name and password, None for none. bare: a path after the scheme without ``//``. asks: ends in ``?``.
    """

    scheme: str = ""
    opaque: str = ""
    user: tuple[str, str | None] | None = None
    host: str = ""
    path: str = ""
    raw_path: str = ""
    query: str = ""
    fragment: str = ""
    raw_fragment: str = ""
    bare: bool = False
    asks: bool = False

    def __str__(self) -> str:
        """The URL as Go writes it."""
        text = f"{self.scheme}:" if self.scheme else ""
        if self.opaque:
            text += self.opaque
        else:
            if (self.scheme or self.host or self.user) and not (
                self.bare and not self.host and not self.user
            ):
                text += "//" if self.host or self.path or self.user else ""
                text += f"{self.user_text()}@" if self.user else ""
                text += escaped(self.host, _HOST)
            path = self.escaped_path()
            if path and not path.startswith("/") and self.host:
                text += "/"
            if not text and ":" in path.partition("/")[0]:
                text += "./"
            text += path
        if self.asks or self.query:
            text += "?" + self.query
        return text + (f"#{self.escaped_fragment()}" if self.fragment else "")

    def user_text(self) -> str:
        """User and password as they stand before the ``@``."""
        name, password = self.user or ("", None)
        return escaped(name, _USER_KEPT) + ("" if password is None else ":" + escaped(password, _USER_KEPT))

    def hostname(self) -> str:
        """The host without its port and without brackets."""
        if self.host.startswith("["):
            return self.host[1:].partition("]")[0]
        return self.host.rpartition(":")[0] if ":" in self.host else self.host

    def escaped_path(self) -> str:
        """The path as it is written."""
        if self.raw_path and _ENCODED_PATH.fullmatch(self.raw_path):
            return self.raw_path
        return "*" if self.path == "*" else escaped(self.path, _PATH)

    def escaped_fragment(self) -> str:
        """The fragment as it is written."""
        if self.raw_fragment and _ENCODED_FRAGMENT.fullmatch(self.raw_fragment):
            return self.raw_fragment
        return escaped(self.fragment, _FRAGMENT)


def parse_url(text: str) -> Url:
    """A URL's parts. Raises UrlError."""
    before, _, raw_fragment = text.partition("#")
    if _CONTROL.search(before):
        raise UrlError("net/url: invalid control character in URL")
    fragment = _unescaped(raw_fragment)
    kept = raw_fragment if escaped(fragment, _FRAGMENT) != raw_fragment else ""
    if before == "*":
        return Url(path="*", fragment=fragment, raw_fragment=kept)
    scheme, rest = _scheme(before)
    asks = rest.endswith("?") and rest.count("?") == 1
    rest, _, query = rest.partition("?")
    opaque, bare, user, host = "", False, None, ""
    if scheme and not rest.startswith("/"):
        opaque, rest = rest, ""
    elif not rest.startswith("/") and ":" in rest.partition("/")[0]:
        raise UrlError("first path segment in URL cannot contain colon")
    elif rest.startswith("//") and (scheme or not rest.startswith("///")):
        authority, slash, path = rest[2:].partition("/")
        user, host = _authority(scheme, authority)
        rest = slash + path
    elif scheme:
        bare = True
    path = _unescaped(rest)
    return Url(
        scheme=scheme,
        opaque=opaque,
        user=user,
        host=host,
        path=path,
        raw_path=rest if escaped(path, _PATH) != rest else "",
        query=query,
        fragment=fragment,
        raw_fragment=kept,
        bare=bare,
        asks=asks,
    )


def _scheme(text: str) -> tuple[str, str]:
    if text.startswith(":"):
        raise UrlError("missing protocol scheme")
    name, colon, rest = text.partition(":")
    return (name.lower(), rest) if colon and _SCHEME.fullmatch(name) else ("", text)


def _authority(scheme: str, text: str) -> tuple[tuple[str, str | None] | None, str]:
    info, at, address = text.rpartition("@")
    host = _host(scheme, address)
    if not at:
        return None, host
    if not _USER.fullmatch(info):
        raise UrlError("net/url: invalid userinfo")
    name, colon, password = info.partition(":")
    return (_unescaped(name), _unescaped(password) if colon else None), host


def _host(scheme: str, text: str) -> str:
    if "[" in text[1:]:
        raise UrlError("invalid IP-literal")
    if text.startswith("["):
        address, bracket, port = text[1:].rpartition("]")
        if not bracket:
            raise UrlError("missing ']' in host")
        _check_port(port)
        plain, percent, zone = address.partition("%25")
        literal = _host_text(plain) + (_unescaped(percent + zone) if percent else "")
        _check_literal(literal)
        return f"[{literal}]{port}"
    strict = scheme in ("http", "https")
    at = text.find(":") if strict else text.rfind(":")
    if at >= 0:
        _check_port(text[at:])
    return _host_text(text)


def _check_port(text: str) -> None:
    if not _PORT.fullmatch(text):
        raise UrlError(f'invalid port "{text}" after host')


def _check_literal(text: str) -> None:
    address, percent, zone = text.partition("%")
    try:
        IPv6Address(address)
    except AddressValueError:
        raise UrlError("invalid host: ParseAddr: unable to parse IP") from None
    if percent and not zone:
        raise UrlError("invalid host: ParseAddr: zone must be a non-empty string")


def _host_text(text: str) -> str:
    if wrong := _HOST_ESCAPE.search(text.replace("%25", "")):
        raise UrlError(f'invalid URL escape "{wrong[0]}"')
    found = _unescaped(text)
    for sign in text:
        if sign.isascii() and not sign.isalnum() and sign not in _HOST + "%":
            raise UrlError(f'invalid character "{sign}" in host name')
    return found


def _unescaped(text: str) -> str:
    if wrong := _BAD_ESCAPE.search(text):
        raise UrlError(f'invalid URL escape "{wrong[0]}"')
    if "%" not in text:
        return text
    return unquote_to_bytes(text.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")


def escaped(text: str, kept: str) -> str:
    """A text with every octet escaped but letters, digits and those that are kept."""
    made = quote(text.encode("utf-8", "surrogateescape"), safe=kept)
    return made if "~" in kept else made.replace("~", "%7E")
