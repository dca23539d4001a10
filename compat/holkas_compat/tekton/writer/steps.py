"""Steps, sidecars and the step template, their fields in the order of Tekton's types."""

from __future__ import annotations

from typing import Any

from holkas.model.step import Container, Sidecar, Step

from holkas_compat.tekton.reader.durations import format_duration
from holkas_compat.tekton.writer.fields import filled, plain
from holkas_compat.tekton.writer.params import (
    write_params,
    write_reference,
    write_result_specs,
    write_whens,
)
from holkas_compat.tekton.writer.workspaces import write_usages


def write_step(step: Step, *, named: bool = True) -> dict[str, Any]:
    """One step; ``named`` False leaves the name out (a StepAction's step has none)."""
    out = _container(step, named=named and bool(step.name)) | filled(
        script=step.script,
        timeout="" if step.timeout is None else format_duration(step.timeout),
        workspaces=write_usages(step.workspaces),
        onError=step.on_error,
        stdoutConfig=filled(path=step.stdout_path),
        stderrConfig=filled(path=step.stderr_path),
    )
    if step.ref is not None:
        out["ref"] = write_reference(step.ref)
    return out | filled(
        params=write_params(step.params),
        results=write_result_specs(step.results),
        when=write_whens(step.when),
    )


def write_sidecar(sidecar: Sidecar) -> dict[str, Any]:
    """One sidecar."""
    return _container(sidecar, named=True) | filled(
        readinessProbe=plain(sidecar.readiness_probe),
        script=sidecar.script,
        workspaces=write_usages(sidecar.workspaces),
    )


def write_step_template(template: Container | None) -> dict[str, Any] | None:
    """The step template; an empty one stays empty."""
    return None if template is None else _container(template, named=bool(template.name))


def _container(container: Container, *, named: bool) -> dict[str, Any]:
    out: dict[str, Any] = {"name": container.name} if named else {}
    extra: dict[str, Any] = plain(container.extra)
    return (
        out
        | filled(
            image=container.image,
            command=list(container.command),
            args=list(container.args),
            workingDir=container.working_dir,
            envFrom=plain(container.env_from),
            env=[
                {"name": env.name} | filled(value=env.value, valueFrom=plain(env.source))
                for env in container.env
            ],
            volumeMounts=[
                {"name": mount.name}
                | filled(readOnly=mount.read_only)
                | {"mountPath": mount.mount_path}
                | filled(subPath=mount.sub_path)
                | plain(mount.extra)
                for mount in container.volume_mounts
            ],
            securityContext=plain(container.security_context),
        )
        | extra
    )
