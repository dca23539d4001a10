"""Credentials of the service account, put where git, ssh and docker look for them.

Rules from Tekton's documentation, auth.md: secrets that the service account names and that bear
``tekton.dev/git-N`` or ``tekton.dev/docker-N`` annotations become files under the credentials path, which are copied
to the home directory of each step.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from holkas.model.catalog import Catalog, SecretData

from holkas_builtin.runner.beneath import NotPlain, write_beneath

CREDENTIALS = "/tekton/creds"
"""What ``$(credentials.path)`` stands for: the same files again, for tools with another home."""

_DOCKER_FILES = {
    "kubernetes.io/dockercfg": ".dockercfg",
    "kubernetes.io/dockerconfigjson": ".dockerconfigjson",
}


def credential_files(account: str, catalog: Catalog) -> dict[str, bytes]:
    """Files by their path below the home directory; empty when the account links no credentials."""
    secrets = [
        catalog.secrets[name] for name in catalog.service_accounts.get(account, ()) if name in catalog.secrets
    ]
    files: dict[str, bytes] = {}
    _git_basic(secrets, files)
    _git_ssh(secrets, files)
    if content := _docker(secrets):
        files[".docker/config.json"] = content
    return files


def docker_configuration(names: Iterable[str], catalog: Catalog) -> bytes:
    """What docker's ``config.json`` holds of the secrets with these names; empty where they are for something else."""
    return _docker([catalog.secrets[name] for name in names if name in catalog.secrets])


def put_credentials(files: Mapping[str, bytes], home: Path, user: int | None = None) -> None:
    """Write the files below ``home``, readable for their owner only.

    user: number of who is to read them, None for whoever runs holkas; given away only where root runs it.
    """
    for path, content in files.items():
        try:
            write_beneath(home, path, content, 0o600)
        except NotPlain:
            continue  # a step left something else there: Tekton, too, only warns
    ssh = home / ".ssh"
    if ssh.is_dir() and not ssh.is_symlink():
        ssh.chmod(0o700)
    if user is not None and os.geteuid() == 0:
        os.chown(home, user, -1, follow_symlinks=False)
        for directory, inner, names in os.walk(home):
            for name in (*inner, *names):
                os.chown(Path(directory) / name, user, -1, follow_symlinks=False)


def _hosts(secret: SecretData, tool: str) -> list[str]:
    prefix = f"tekton.dev/{tool}-"
    return [url for key, url in sorted(secret.annotations.items()) if key.startswith(prefix)]


def _text(secret: SecretData, key: str) -> str:
    value = secret.data.get(key)
    return value.reveal_text() if value is not None else ""


def _git_basic(secrets: Iterable[SecretData], files: dict[str, bytes]) -> None:
    config, stored = ["[credential]\n\thelper = store\n"], []
    for secret in secrets:
        if secret.type != "kubernetes.io/basic-auth":
            continue
        user, password = _text(secret, "username"), _text(secret, "password")
        for url in _hosts(secret, "git"):
            parts = urlsplit(url)
            config.append(f'[credential "{url}"]\n\tusername = {user}\n')
            stored.append(f"{parts.scheme}://{user}:{password}@{parts.netloc}{parts.path}\n")
    if stored:
        files[".gitconfig"] = "".join(config).encode()
        files[".git-credentials"] = "".join(stored).encode()


def _git_ssh(secrets: Iterable[SecretData], files: dict[str, bytes]) -> None:
    config, known = [], []
    for secret in secrets:
        if secret.type != "kubernetes.io/ssh-auth":
            continue
        key = f"id_{secret.name}"
        hosts = _hosts(secret, "git")
        for url in hosts:
            host, _, port = url.partition(":")
            config.append(f"Host {host}\n    HostName {host}\n    IdentityFile %d/.ssh/{key}\n")
            config.append(f"    Port {port or 22}\n")
        if hosts:
            files[f".ssh/{key}"] = _text(secret, "ssh-privatekey").encode()
            known.append(_text(secret, "known_hosts"))
    if config:
        files[".ssh/config"] = "".join(config).encode()
        files[".ssh/known_hosts"] = "".join(known).encode()


def _docker(secrets: Iterable[SecretData]) -> bytes:
    auths: dict[str, object] = {}
    for secret in secrets:
        if secret.type in _DOCKER_FILES:
            try:
                given = json.loads(_text(secret, _DOCKER_FILES[secret.type]))
            except ValueError:
                continue
            auths.update(given.get("auths", given) if isinstance(given, dict) else {})
        elif secret.type == "kubernetes.io/basic-auth":
            user, password = _text(secret, "username"), _text(secret, "password")
            token = base64.b64encode(f"{user}:{password}".encode()).decode()
            for url in _hosts(secret, "docker"):
                auths[url] = {"username": user, "password": password, "auth": token, "email": "not@val.id"}
    return json.dumps({"auths": auths}).encode() if auths else b""
