"""Who we are for a registry: from the settings, else from the file that docker and podman log in to.

Source: Docker, "docker login", sections "Credential stores" and "Credential helper protocol"; containers-auth.json(5).
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from holkas.records import dataclass
from holkas.roles.errors import AccessDenied

_HELPER = re.compile(r"[A-Za-z0-9_-]+")
_MAX_FILE = 1 << 20
_HELPER_TIMEOUT = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A name and a password; ``username`` may be empty. Shows no password."""

    username: str
    password: str

    def header(self) -> str:
        """As HTTP's basic authentication sends it (RFC 7617)."""
        pair = f"{self.username}:{self.password}".encode()
        return f"Basic {base64.b64encode(pair).decode()}"

    def __repr__(self) -> str:
        return f"Login(username={self.username!r}, password=***)"


def login_for(
    host: str,
    repository: str,
    options: Mapping[str, Any],
    project: Path,
    environ: Mapping[str, str] = os.environ,
) -> Login | None:
    """The login for a repository of a host; None for nobody in particular. Raises AccessDenied."""
    if "username" in options or "password-file" in options or "password-variable" in options:
        return Login(username=str(options.get("username", "")), password=_password(options, project, environ))
    for path in _files(options, project, environ):
        found = _from_file(path, host, repository)
        if found is not None:
            return found
    return None


def _password(options: Mapping[str, Any], project: Path, environ: Mapping[str, str]) -> str:
    if variable := options.get("password-variable"):
        if not environ.get(variable):
            raise AccessDenied(f"the registry's password is wanted from ${variable}, which is not set")
        return environ[variable]
    if file := options.get("password-file"):
        path = project / Path(file).expanduser()
        try:
            return path.read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError):
            raise AccessDenied(f"the registry's password cannot be read from {path}") from None
    raise AccessDenied(
        "the settings have a username and no password", hint="set password-variable or password-file"
    )


def _files(options: Mapping[str, Any], project: Path, environ: Mapping[str, str]) -> list[Path]:
    if file := options.get("credentials-file"):
        return [project / Path(file).expanduser()]
    found = []
    if environ.get("REGISTRY_AUTH_FILE"):
        found.append(Path(environ["REGISTRY_AUTH_FILE"]))
    if environ.get("XDG_RUNTIME_DIR"):
        found.append(Path(environ["XDG_RUNTIME_DIR"]) / "containers" / "auth.json")
    home = environ.get("DOCKER_CONFIG") or os.path.join(environ.get("HOME", "/"), ".docker")  # noqa: PTH118 - may be unset
    return [*found, Path(home) / "config.json"]


def _from_file(path: Path, host: str, repository: str) -> Login | None:
    try:
        if not path.is_file():
            return None
        with path.open("rb") as file:
            config = json.loads(file.read(_MAX_FILE))
    except (OSError, ValueError, RecursionError):
        raise AccessDenied(f"the registries' logins in {path} cannot be read") from None
    if not isinstance(config, dict):
        return None
    auths, helpers = config.get("auths"), config.get("credHelpers")
    helper = helpers.get(host) if isinstance(helpers, dict) else None
    if isinstance(helper, str):
        return _from_helper(helper, host)
    for key in _keys(host, repository):
        entry = auths.get(key) if isinstance(auths, dict) else None
        if isinstance(entry, dict) and entry.get("auth"):
            return _decoded(str(entry["auth"]), path)
    store = config.get("credsStore")
    return _from_helper(store, host) if isinstance(store, str) else None


def _keys(host: str, repository: str) -> list[str]:
    """What a file may call a repository, the most special first."""
    parts = repository.split("/")
    names = [f"{host}/{'/'.join(parts[:count])}" for count in range(len(parts), 0, -1)]
    return [*names, host, f"https://{host}", f"http://{host}", f"https://{host}/v1/", f"https://{host}/v2/"]


def _decoded(text: str, path: Path) -> Login:
    try:
        username, separator, password = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        separator = ""
    if not separator:
        raise AccessDenied(f"a login in {path} is not a name and a password in base64")
    return Login(username=username, password=password)


def _from_helper(name: str, host: str) -> Login | None:
    program = shutil.which(f"docker-credential-{name}") if _HELPER.fullmatch(name) else None
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, "get"],
            input=host.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_HELPER_TIMEOUT,
            check=False,
        )
        found = json.loads(done.stdout) if done.returncode == 0 else None
    except (OSError, subprocess.TimeoutExpired, ValueError):
        raise AccessDenied(f"docker-credential-{name} gives no login for {host}") from None
    if not isinstance(found, dict) or not found.get("Secret"):
        return None
    return Login(username=str(found.get("Username", "")), password=str(found["Secret"]))
