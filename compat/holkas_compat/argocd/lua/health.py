"""Users' health checks as what :func:`holkas.gitops.health.judge` asks first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.gitops.health import HealthOverride
from holkas.model.health import Health, HealthStatus
from holkas.model.resource import Resource

from holkas_compat.argocd.lua.sandbox import LuaError, run_lua
from holkas_compat.argocd.lua.scripts import Script, Scripts

_STATUSES = frozenset(HealthStatus)


def health_override(scripts: Scripts) -> HealthOverride:
    """Judges by the script for a manifest's kind; None where there is none."""

    def judge(manifest: Mapping[str, Any]) -> Health | None:
        key = Resource(manifest=manifest).key
        script = scripts.health_of(key.group, key.kind)
        return None if script is None else run_health(script, manifest)

    return judge


def run_health(script: Script, manifest: Mapping[str, Any]) -> Health:
    """What one script says of a manifest; Unknown, with the reason, where it fails or says no health status."""
    try:
        result = run_lua(script.text, manifest, name=script.name, open_libs=script.open_libs)
    except LuaError as error:
        return Health(status=HealthStatus.UNKNOWN, message=str(error))
    if not isinstance(result, Mapping):
        return Health(status=HealthStatus.UNKNOWN, message=f"{script.name} returned no table with a status")
    message = result.get("message")
    if result.get("status") not in _STATUSES:
        return Health(status=HealthStatus.UNKNOWN, message="Lua returned an invalid health status")
    return Health(status=HealthStatus(result["status"]), message=message if isinstance(message, str) else "")
