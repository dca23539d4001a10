"""Steps, sidecars and the step template."""

from __future__ import annotations

from typing import Any

from holkas.model.step import Container, Env, Sidecar, Step, VolumeMount

from holkas_compat.tekton.reader.fields import Raw, duration, items, mapping, rest, text, texts
from holkas_compat.tekton.reader.params import read_params, read_result_spec
from holkas_compat.tekton.reader.references import read_reference
from holkas_compat.tekton.reader.when import read_whens
from holkas_compat.tekton.reader.workspaces import read_usages

_CONTAINER = frozenset(
    ["name", "image", "command", "args", "workingDir", "env", "envFrom", "volumeMounts", "securityContext"],
)
_STEP = _CONTAINER | frozenset(
    [
        "script",
        "timeout",
        "onError",
        "ref",
        "params",
        "results",
        "when",
        "workspaces",
        "stdoutConfig",
        "stderrConfig",
    ],
)
_SIDECAR = _CONTAINER | frozenset(("script", "workspaces", "readinessProbe"))
_MOUNT = frozenset(("name", "mountPath", "subPath", "readOnly"))


def read_step(raw: Raw) -> Step:
    """One step."""
    return Step(
        **_container(raw),
        extra=rest(raw, _STEP),
        script=text(raw, "script"),
        timeout=duration(raw, "timeout"),
        on_error=text(raw, "onError"),
        ref=read_reference(raw, "ref"),
        params=read_params(raw),
        results=items(raw, "results", read_result_spec),
        when=read_whens(raw),
        workspaces=read_usages(raw),
        stdout_path=text(mapping(raw, "stdoutConfig"), "path"),
        stderr_path=text(mapping(raw, "stderrConfig"), "path"),
    )


def read_sidecar(raw: Raw) -> Sidecar:
    """One sidecar."""
    return Sidecar(
        **_container(raw),
        extra=rest(raw, _SIDECAR),
        script=text(raw, "script"),
        workspaces=read_usages(raw),
        readiness_probe=mapping(raw, "readinessProbe"),
    )


def read_step_template(raw: Raw | None) -> Container | None:
    """The step template, None where there is none."""
    return None if raw is None else Container(**_container(raw), extra=rest(raw, _CONTAINER))


def _container(raw: Raw) -> dict[str, Any]:
    return {
        "name": text(raw, "name"),
        "image": text(raw, "image"),
        "command": texts(raw, "command"),
        "args": texts(raw, "args"),
        "working_dir": text(raw, "workingDir"),
        "env": items(raw, "env", _env),
        "env_from": items(raw, "envFrom", dict),
        "volume_mounts": items(raw, "volumeMounts", _mount),
        "security_context": mapping(raw, "securityContext"),
    }


def _env(raw: Raw) -> Env:
    return Env(name=text(raw, "name"), value=text(raw, "value"), source=mapping(raw, "valueFrom"))


def _mount(raw: Raw) -> VolumeMount:
    return VolumeMount(
        name=text(raw, "name"),
        mount_path=text(raw, "mountPath"),
        sub_path=text(raw, "subPath"),
        read_only=bool(raw.get("readOnly")),
        extra=rest(raw, _MOUNT),
    )
