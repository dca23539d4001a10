"""Repository names: what is given to git, what is shown, and which credentials go with it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from holkas.model.secret import Secret
from holkas.records import dataclass
from holkas.roles.errors import AccessDenied, NotFound, ToolError

SCHEMES = ("https", "http", "ssh", "git", "file")
DEFAULT_PROTOCOLS = ("https", "http", "ssh", "file")

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*)://")
_SCP = re.compile(r"(?:[A-Za-z0-9_.-]+@)?(?P<host>\[[0-9a-fA-F:]+\]|[A-Za-z0-9_.-]+):(?!:)(?P<path>.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A repository as git is told. ``url``: without a password, so that it may be shown and stand in argv.

    username, password: for a server that asks; empty and None where nothing is known.
    """

    url: str
    protocol: str
    username: str = ""
    password: Secret | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """Texts that no message may hold."""
        return (self.password.reveal_text(),) if self.password and self.password.reveal() else ()


def address(
    repository: str,
    base: Path,
    *,
    protocols: Sequence[str] = DEFAULT_PROTOCOLS,
    credentials: Sequence[Mapping[str, Any]] = (),
    environ: Mapping[str, str] = os.environ,
) -> Address:
    """What a repository's name means. base: directory that relative paths start from.

    Raises ToolError for a name that could do something else than name a repository, and for a transport that is not
    allowed; NotFound for a path where nothing is; AccessDenied for credentials whose variable is not set.
    """
    if not repository or repository.startswith("-") or re.search(r"[\x00-\x1f\x7f]", repository):
        raise ToolError(f"{repository!r} does not name a repository")
    if (match := _SCHEME.match(repository)) is not None:
        found = _of_url(repository, match.group(1).lower())
    elif "::" in repository.partition("/")[0]:
        raise ToolError(f"{repository!r} asks for a program as transport, which is refused")
    elif (scp := _SCP.fullmatch(repository)) and not (base / repository).exists():
        if scp["host"].startswith("-") or scp["path"].startswith("-"):
            raise ToolError(f"{repository!r} does not name a repository")
        found = Address(url=repository, protocol="ssh")
    else:
        path = base / Path(repository).expanduser()
        if not path.is_dir():
            raise NotFound(f"there is no repository at {path}")
        found = Address(url=str(path.absolute()), protocol="file")
    if found.protocol not in protocols:
        raise ToolError(
            f"{found.url} would be reached by {found.protocol!r}, which is not among the allowed protocols",
            hint=f"allowed are {', '.join(protocols)}",
        )
    return _with_credentials(found, credentials, environ)


def _of_url(repository: str, scheme: str) -> Address:
    try:
        parts = urlsplit(repository)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise ToolError("the repository's URL is not valid") from None
    if scheme not in SCHEMES or host.startswith("-") or (not host and scheme != "file"):
        raise ToolError(f"{scheme}:// with host {host!r} does not name a repository of git")
    if parts.username is not None and parts.username.startswith("-"):
        raise ToolError("the repository's URL has a user name that begins with '-'")
    if parts.password is None:
        if scheme in ("http", "https") and parts.username:
            bare = parts._replace(netloc=parts.netloc.rpartition("@")[2])
            return Address(url=urlunsplit(bare), protocol=scheme, username=unquote(parts.username))
        return Address(url=repository, protocol=scheme)
    user, server = unquote(parts.username or ""), parts.netloc.rpartition("@")[2]
    if scheme == "ssh" and user:
        server = f"{user}@{server}"
    return Address(
        url=urlunsplit(parts._replace(netloc=server)),
        protocol=scheme,
        username=user,
        password=Secret(unquote(parts.password)),
    )


def _with_credentials(
    found: Address, credentials: Sequence[Mapping[str, Any]], environ: Mapping[str, str]
) -> Address:
    if found.password is not None or found.protocol not in ("http", "https"):
        return found
    for rule in credentials:
        start = str(rule["url"]).rstrip("/")
        if found.url != start and not found.url.startswith(start + "/"):
            continue
        variable = str(rule["variable"])
        if not environ.get(variable):
            raise AccessDenied(
                f"the credentials of {found.url} are wanted from ${variable}, which is not set",
                hint=f"set {variable} to a password or token",
            )
        username = found.username or str(rule.get("username", "git"))
        return Address(
            url=found.url, protocol=found.protocol, username=username, password=Secret(environ[variable])
        )
    return found
