"""Pod: by phase and restart policy (Argo CD, "Resource Health")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.gitops.health.fields import at, condition, mappings, number, text
from holkas.model.health import Health, HealthStatus

IGNORE_RESTART_POLICY = "argocd.argoproj.io/ignore-restart-policy"
"""Annotation: judge a pod that runs to an end as one that is to run for ever."""


def pod(manifest: Mapping[str, Any]) -> Health:
    """How a pod is.

    A container that waits on an error counts only for pods that are to run for ever: a hook's pod may still get its
    image, and would run after the sync has failed. Pods that run to an end are Progressing while they run.
    """
    runs_for_ever = _runs_for_ever(manifest)
    if runs_for_ever:
        errors = [text(waiting, "message") for waiting in _waiting_on_errors(manifest)]
        if errors:
            return Health(status=HealthStatus.DEGRADED, message=", ".join(filter(None, errors)))
    message = text(manifest, "status", "message")
    match text(manifest, "status", "phase"):
        case "Pending":
            return Health(status=HealthStatus.PROGRESSING, message=message)
        case "Succeeded":
            return Health(status=HealthStatus.HEALTHY, message=message)
        case "Failed":
            return Health(status=HealthStatus.DEGRADED, message=message or _failure(manifest))
        case "Running" if runs_for_ever:
            return Health(status=_running(manifest), message=message)
        case "Running" if text(manifest, "spec", "restartPolicy") in ("OnFailure", "Never"):
            return Health(status=HealthStatus.PROGRESSING, message=message)
    return Health(status=HealthStatus.UNKNOWN, message=message)


def _runs_for_ever(manifest: Mapping[str, Any]) -> bool:
    if text(manifest, "spec", "restartPolicy") == "Always":
        return True
    return text(manifest, "metadata", "annotations", IGNORE_RESTART_POLICY) == "true"


def _waiting_on_errors(manifest: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = []
    for container in mappings(manifest, "status", "containerStatuses"):
        waiting = at(container, "state", "waiting")
        reason = text(waiting, "reason")
        if reason.startswith("Err") or reason.endswith(("Error", "BackOff")):
            found.append(waiting)
    return found


def _running(manifest: Mapping[str, Any]) -> HealthStatus:
    ready = condition(manifest, "Ready")
    if ready is not None and ready.get("status") == "True":
        return HealthStatus.HEALTHY
    for container in mappings(manifest, "status", "containerStatuses"):
        if at(container, "lastState", "terminated") is not None:
            return HealthStatus.DEGRADED
    return HealthStatus.PROGRESSING


def _failure(manifest: Mapping[str, Any]) -> str:
    """What the first container that ended badly says of it."""
    for field in ("initContainerStatuses", "containerStatuses"):
        for container in mappings(manifest, "status", field):
            ended = at(container, "state", "terminated")
            if text(ended, "message"):
                return text(ended, "message")
            if text(ended, "reason") == "OOMKilled":
                return "OOMKilled"
            code = number(ended, "exitCode")
            if code != 0:
                return f'container "{text(container, "name")}" failed with exit code {code}'
    return ""
