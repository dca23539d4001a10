"""Where a resource is: ``<namespace>/<Kind>[.<group>]/<name>.yaml``, ``_cluster`` for those without a namespace."""

from __future__ import annotations

from urllib.parse import quote, unquote

from holkas.model.resource import ResourceKey
from holkas.roles.errors import ToolError

CLUSTER = "_cluster"
SUFFIX = ".yaml"
_PLAIN = ":@+,="
"""Besides letters, digits and ``-._~``: what names of Kubernetes may hold and every file system takes."""
_LONGEST = 240


def path_of(key: ResourceKey) -> str:
    """The path, relative and with slashes; no part of it leads elsewhere, whatever the names are. Raises ToolError."""
    kind = f"{key.kind}.{key.group}" if key.group else key.kind
    parts = (_part(key.namespace) if key.namespace else CLUSTER, _part(kind), _part(key.name) + SUFFIX)
    if not key.name or not key.kind or any(len(part) > _LONGEST for part in parts):
        raise ToolError(f"a resource cannot be called {str(key)[:300]!r}")
    return "/".join(parts)


def key_of_path(path: str) -> ResourceKey | None:
    """The resource whose file it is; None for a path that is no resource's."""
    parts = path.split("/")
    if len(parts) != 3 or not parts[2].endswith(SUFFIX) or any(part.startswith(".") for part in parts):
        return None
    namespace, kind, name = (unquote(part) for part in (*parts[:2], parts[2][: -len(SUFFIX)]))
    kind, _, group = kind.partition(".")
    key = ResourceKey(group=group, kind=kind, namespace="" if parts[0] == CLUSTER else namespace, name=name)
    try:
        return key if path_of(key) == path else None
    except ToolError:
        return None


def _part(text: str) -> str:
    quoted = quote(text, safe=_PLAIN)
    if quoted.startswith((".", "_")):
        quoted = f"%{ord(quoted[0]):02X}{quoted[1:]}"
    return quoted


def destination_directory(destination: str) -> str:
    """The directory of a destination; empty for none."""
    return _part(destination) if destination else ""
