"""Digests of everything that the outcome of a task depends on, as far as holkas can know it.

Kept with a finished task; whoever goes on with the run compares them and so knows whether the outcome still holds, and
if not, what has changed.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from holkas.model.catalog import Catalog
from holkas.model.run import TaskRun

Fingerprint = Mapping[str, str]

WORDS = {
    "spec": "the task",
    "params": "its params",
    "workspaces": "its workspaces",
    "documents": "a ConfigMap, a Secret or a StepAction that it uses",
    "settings": "its settings (service account, pod template)",
    "executor": "the executor",
}
"""Part of a fingerprint → what a person calls it."""

_SIZE = 8


def fingerprint(run: TaskRun, spec: object, catalog: Catalog, *, executor: str, key: bytes) -> Fingerprint:
    """The digests of a task run. ``key``: of the store, so that a digest tells nothing of a short secret.

    spec: the task's, or whatever says what a custom task is; its ``repr`` counts.
    """
    parts = {
        "spec": repr(spec),
        "params": repr(run.params),
        "workspaces": repr(run.workspaces),
        "settings": repr((run.settings.service_account, run.settings.pod_template)),
        "executor": executor,
    }
    mentioned = "\n".join(parts.values())
    digests = {name: _digest_of_text(key, text) for name, text in parts.items()}
    documents = list(_documents(mentioned, run, catalog))
    if documents:
        digests["documents"] = _digest(key, documents)
    return digests


def differences(before: Fingerprint, now: Fingerprint) -> list[str]:
    """What has changed, in words; empty where nothing has."""
    names = [name for name in WORDS if before.get(name) != now.get(name)]
    return [WORDS[name] for name in names]


def store_key(root: Path) -> bytes:
    """The store's own random key, made when it is missing; two processes that make it at once agree on one."""
    path = root / "fingerprint.key"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        made = root / f"fingerprint.key.{os.getpid()}.{os.urandom(4).hex()}"
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(os.urandom(32))
        try:
            os.link(made, path)  # fails where another was faster; the whole key is there or none
        except FileExistsError:
            pass
        finally:
            made.unlink()
        return path.read_bytes()


def _documents(mentioned: str, run: TaskRun, catalog: Catalog) -> Iterable[bytes]:
    """Every document whose name the task mentions anywhere: too many do no harm, one too few would."""
    for name, files in catalog.config_maps.items():
        if name in mentioned:
            yield from _content("configMap", name, files)
    accounts = catalog.service_accounts.get(run.settings.service_account or "default", ())
    for name, secret in catalog.secrets.items():
        if name in mentioned or name in accounts:
            yield from _content("secret", name, {key: value.reveal() for key, value in secret.data.items()})
    for name, action in catalog.step_actions.items():
        if name in mentioned or name.startswith("["):  # what a resolver found, which no name leads to
            yield from (b"stepAction", repr(action).encode("utf-8", "surrogatepass"))


def _content(kind: str, name: str, files: Mapping[str, bytes]) -> Iterable[bytes]:
    yield from (kind.encode(), name.encode())
    for key in sorted(files):
        yield from (key.encode(), files[key])


@lru_cache(maxsize=16)
def _digest_of_text(key: bytes, text: str) -> str:
    """Most tasks of a run differ in few of the parts."""
    return _digest(key, [text.encode("utf-8", "surrogatepass")])


def _digest(key: bytes, pieces: Iterable[bytes]) -> str:
    made = hashlib.blake2b(key=key, digest_size=_SIZE)
    for piece in pieces:
        made.update(b"%d:" % len(piece))
        made.update(piece)
    return made.hexdigest()
