"""Credentials that a resolver's params name: Secrets among the documents of the run."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from holkas.model.catalog import Catalog
from holkas.model.secret import Secret

from holkas_compat.tekton.remote.refusal import Refusal

_DOCKER_HUB = ("https://index.docker.io/v1/", "index.docker.io", "docker.io")


def secret_value(catalog: Catalog, name: str, key: str) -> Secret:
    """A key of a Secret. Raises Refusal."""
    secret = catalog.secrets.get(name)
    if secret is None:
        raise Refusal(f'there is no Secret "{name}" among these documents', "put it into the file")
    value = secret.data.get(key)
    if value is None:
        known = ", ".join(sorted(secret.data))
        raise Refusal(f'the Secret "{name}" has no key {key!r}', f"it has {known}" if known else "")
    return value


def registry_login(catalog: Catalog, name: str, host: str) -> tuple[str, Secret] | None:
    """User and password for a registry of a Secret as ``docker login`` writes them; None where it knows none.

    Source: Kubernetes, "Pull an Image from a Private Registry" (``kubernetes.io/dockerconfigjson`` and ``dockercfg``).
    """
    secret = catalog.secrets.get(name)
    if secret is None:
        raise Refusal(f'there is no Secret "{name}" among these documents', "put it into the file")
    for key in (".dockerconfigjson", ".dockercfg"):
        if key in secret.data:
            try:
                told = json.loads(secret.data[key].reveal())
            except (ValueError, RecursionError):
                raise Refusal(f'{key} of the Secret "{name}" is no JSON') from None
            logins = told.get("auths") if key == ".dockerconfigjson" and isinstance(told, Mapping) else told
            return _login(logins, host) if isinstance(logins, Mapping) else None
    raise Refusal(f'the Secret "{name}" is none of type kubernetes.io/dockerconfigjson')


def _login(logins: Mapping[str, Any], host: str) -> tuple[str, Secret] | None:
    names = (
        _DOCKER_HUB
        if host in _DOCKER_HUB
        else (host, f"https://{host}", f"https://{host}/v1/", f"http://{host}")
    )
    entry = next((logins[name] for name in names if isinstance(logins.get(name), Mapping)), None)
    if entry is None:
        return None
    user, password = entry.get("username"), entry.get("password")
    if isinstance(entry.get("auth"), str) and not password:
        try:
            pair = base64.b64decode(entry["auth"], validate=True).decode()
        except (binascii.Error, ValueError):
            return None
        user, _, password = pair.partition(":")
    return (str(user or ""), Secret(str(password))) if password else None
