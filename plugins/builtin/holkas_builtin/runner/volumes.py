"""Volumes and workspaces as directories: what Kubernetes would mount, made of the file's own documents."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from holkas.records import dataclass

from holkas_builtin.runner.beneath import NotPlain, write_beneath
from holkas_builtin.runner.errors import MISSING, UNSUPPORTED, SetupError
from holkas_builtin.runner.pod import Pod
from holkas_builtin.runner.run_context import RunContext


@dataclass(frozen=True, slots=True)
class Directory:
    """A volume's directory on the host."""

    path: Path
    read_only: bool = False


def materialise(
    kind: str,
    source: Mapping[str, Any],
    *,
    at: Path,
    secret_at: Path,
    context: RunContext,
    pod: Pod,
    what: str,
) -> Directory:
    """Make the directory of a volume source.

    at, secret_at: fresh paths for those that are the attempt's own, the second one for what no disk should keep.
    what: the field, for messages. Raises SetupError for a missing document or a kind that needs a cluster.
    """
    if kind in ("", "emptyDir", "ephemeral"):
        at.mkdir(parents=True, exist_ok=True)
        at.chmod(0o777)
        return Directory(at)
    if kind == "persistentVolumeClaim":
        return Directory(
            context.claim(str(source.get("claimName", ""))), read_only=bool(source.get("readOnly"))
        )
    if kind == "hostPath":
        return _host_path(source, what)
    if kind in ("configMap", "secret", "projected", "downwardAPI"):
        root = secret_at if kind in ("secret", "projected") else at
        root.mkdir(mode=0o755, parents=True, exist_ok=True)
        sources = source.get("sources", ()) if kind == "projected" else ({kind: source},)
        for entry in sources:
            for inner, fields in entry.items():
                files = _files(inner, fields or {}, context, pod, what)
                _write(files, fields or {}, root, what, default_mode=source.get("defaultMode"))
        return Directory(root, read_only=True)
    raise SetupError(
        UNSUPPORTED, f"{what}: a volume of kind {kind!r} needs a cluster; use emptyDir, configMap or a claim"
    )


def _host_path(source: Mapping[str, Any], what: str) -> Directory:
    path = Path(str(source.get("path", "")))
    if source.get(
        "writable"
    ):  # only holkas's own binding (-w name=…,hostPath) sets it, never a manifest's volume
        path.mkdir(parents=True, exist_ok=True)
        return Directory(path)
    if not path.exists():
        raise SetupError(MISSING, f"{what}: the host has no {path}")
    return Directory(path, read_only=True)


def _files(
    kind: str, source: Mapping[str, Any], context: RunContext, pod: Pod, what: str
) -> Mapping[str, bytes]:
    """Content by path below the volume."""
    if kind == "downwardAPI":
        return {
            str(item.get("path", "")): pod.field(str(item.get("fieldRef", {}).get("fieldPath", ""))).encode()
            for item in source.get("items", ())
        }
    return _selected(_data(kind, source, context, what), source, what)


def _write(
    files: Mapping[str, bytes],
    source: Mapping[str, Any],
    root: Path,
    what: str,
    *,
    default_mode: int | None,
) -> None:
    modes = {item.get("path"): item["mode"] for item in source.get("items", ()) if "mode" in item}
    usual = source.get("defaultMode", default_mode)
    for path, content in files.items():
        mode = modes.get(path, usual)
        try:
            write_beneath(root, path, content, 0o644 if mode is None else int(mode) & 0o777)
        except NotPlain as error:
            raise SetupError(MISSING, f"{what}: the path {path!r} leaves the volume") from error


def _data(kind: str, source: Mapping[str, Any], context: RunContext, what: str) -> Mapping[str, bytes]:
    name = str(source.get("name") or source.get("secretName") or "")
    if kind == "configMap":
        found = context.catalog.config_maps.get(name)
    elif kind == "secret":
        secret = context.catalog.secrets.get(name)
        found = None if secret is None else {key: value.reveal() for key, value in secret.data.items()}
    else:
        raise SetupError(UNSUPPORTED, f"{what}: a projected source of kind {kind!r} needs a cluster")
    if found is None:
        if source.get("optional"):
            return {}
        raise SetupError(
            MISSING, f'{what}: {kind} "{name}" not found; put the document into the file or beside it'
        )
    return found


def _selected(data: Mapping[str, bytes], source: Mapping[str, Any], what: str) -> dict[str, bytes]:
    items = source.get("items")
    if not items:
        return dict(data)
    chosen = {}
    for item in items:
        key = str(item.get("key", ""))
        if key in data:
            chosen[str(item.get("path", key))] = data[key]
        elif not source.get("optional"):
            raise SetupError(MISSING, f"{what}: there is no key {key!r}")
    return chosen


def sub_directory(directory: Path, sub_path: str, what: str) -> Path:
    """A directory (or file) below a volume, made when missing. Raises SetupError when it would leave the volume."""
    parts = PurePosixPath(sub_path).parts
    if ".." in parts or PurePosixPath(sub_path).is_absolute():
        raise SetupError(UNSUPPORTED, f"{what}: the subPath {sub_path!r} leaves its volume")
    path = directory
    for part in parts:
        path = path / part
        if path.is_symlink():
            raise SetupError(UNSUPPORTED, f"{what}: the subPath {sub_path!r} leads through a link")
        try:
            if not path.exists():
                path.mkdir(mode=0o777)
                path.chmod(0o777)
        except NotADirectoryError as error:
            message = f"{what}: the subPath {sub_path!r} leads through a file"
            raise SetupError(UNSUPPORTED, message) from error
    return path
