"""Kubernetes' resource requirements and ``securityContext`` as options of an engine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from holkas.extensions.executor import Command, ExecutorError

from .quantity import quantity, whole

_CAPABILITY = re.compile(r"[A-Z][A-Z_]{0,40}")
_LEAST_MEMORY = 6 << 20
"""Bytes below which no engine starts anything."""


def limits(resources: Mapping[str, Any]) -> Iterator[str]:
    """Options for ``limits`` and ``requests``.

    A CPU's 1024 shares a request are Kubernetes' own. Memory that is only requested changes nothing on one machine.
    Source: Kubernetes' documentation, "Resource Management for Pods and Containers".
    """
    given = resources.get("limits") or {}
    if "memory" in given:
        memory = max(whole(quantity(given["memory"], "limits.memory")), _LEAST_MEMORY)
        yield f"--memory={memory}b"
        yield f"--memory-swap={memory}b"
    if "cpu" in given:
        cpus = quantity(given["cpu"], "limits.cpu")
        if cpus > 0:
            yield f"--cpus={max(float(cpus), 0.01):g}"
    requested = (resources.get("requests") or {}).get("cpu", given.get("cpu"))
    if requested is not None:
        yield f"--cpu-shares={max(2, whole(quantity(requested, 'requests.cpu') * 1024))}"


def security(command: Command, image_user: str, *, allowed: bool) -> Iterator[str]:
    """Options for ``securityContext``.

    image_user: the image's ``USER``. allowed: whether more rights than usual may be given.
    Raises ExecutorError for what is not allowed.
    """
    given = command.security
    if given.get("privileged"):
        _permitted("privileged", allowed)
        yield "--privileged"
    capabilities = given.get("capabilities") or {}
    for name in capabilities.get("drop") or ():
        yield f"--cap-drop={_capability(name)}"
    for name in capabilities.get("add") or ():
        _permitted(f"capabilities.add: {_capability(name)}", allowed)
        yield f"--cap-add={_capability(name)}"
    if given.get("readOnlyRootFilesystem"):
        yield "--read-only"
    if given.get("allowPrivilegeEscalation") is False:
        yield "--security-opt=no-new-privileges"
    for group in given.get("supplementalGroups") or ():
        yield f"--group-add={int(group)}"
    if given.get("fsGroup") is not None:
        yield f"--group-add={int(given['fsGroup'])}"
    if given.get("runAsNonRoot") and _is_root(command, image_user):
        raise ExecutorError("securityContext.runAsNonRoot: the image would run as root; set runAsUser")
    yield from identity(command, image_user)


def identity(command: Command, image_user: str) -> Iterator[str]:
    """The option for who the step runs as; the image's own user where nothing is said."""
    if command.user is not None:
        group = "" if command.group is None else f":{command.group}"
        yield f"--user={command.user}{group}"
    elif command.group is not None:
        yield f"--user={image_user.partition(':')[0] or '0'}:{command.group}"


def _is_root(command: Command, image_user: str) -> bool:
    user = image_user.partition(":")[0] if command.user is None else str(command.user)
    return user in ("", "0", "root")


def _capability(name: object) -> str:
    text = str(name).upper()
    if not _CAPABILITY.fullmatch(text):
        raise ExecutorError(
            f"securityContext.capabilities: {str(name)[:40]!r} is not the name of a capability"
        )
    return text


def _permitted(what: str, allowed: bool) -> None:
    if not allowed:
        raise ExecutorError(
            f"securityContext.{what}: the executor container gives no such rights unless holkas.yaml allows it "
            "(plugins.executors.container.privileged: true)"
        )
