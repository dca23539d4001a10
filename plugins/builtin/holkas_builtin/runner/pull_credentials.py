"""Credentials with which images are fetched: those of the pod template and of the service account."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from holkas.model.run import TaskRunSettings

from holkas_builtin.runner.credentials import docker_configuration
from holkas_builtin.runner.run_context import RunContext


def registries(settings: TaskRunSettings, context: RunContext) -> Path | None:
    """A docker ``config.json`` among the run's secrets; None where nothing is given or no image is fetched.

    Source: Kubernetes' documentation, "Pull an Image from a Private Registry".
    """
    if not context.executor.has_images:
        return None
    named = [str(entry.get("name", "")) for entry in settings.pod_template.get("imagePullSecrets", ())]
    account = settings.service_account or "default"
    catalog = context.catalog
    names = (*named, *catalog.pull_secrets.get(account, ()), *catalog.service_accounts.get(account, ()))
    if not names:
        return None
    content = docker_configuration(names, catalog)
    if not content:
        return None
    path = context.secrets / f"registries-{hashlib.sha256(content).hexdigest()[:16]}.json"
    if not path.exists():
        temporary = path.with_suffix(f".{os.urandom(6).hex()}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        temporary.replace(path)
    return path
