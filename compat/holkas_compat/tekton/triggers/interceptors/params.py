"""Params of interceptors as their types want them."""

from __future__ import annotations

from typing import Any

from holkas_compat.manifest.problem import Problem
from holkas_compat.manifest.types import Struct
from holkas_compat.tekton.decode import decode_as
from holkas_compat.tekton.triggers.interceptors.request import Request, Stop
from holkas_compat.tekton.triggers.schema.interceptor import CORE_PARAMS


def read_params(name: str, params: Any) -> tuple[dict[str, Any], list[Problem]]:
    """The params of one of Triggers' own interceptors, and what does not fit."""
    schema: Struct = CORE_PARAMS[name]
    return decode_as(schema, dict(params))


def params_of(name: str, request: Request) -> dict[str, Any]:
    """The params; unknown ones are ignored, as Go's decoder ignores them. Raises Stop for a wrong type."""
    from holkas_compat.tekton.decode_codes import OTHER_CASE, UNKNOWN_FIELD

    made, problems = read_params(name, request.params)
    for problem in problems:
        if problem.code not in (UNKNOWN_FIELD, OTHER_CASE):
            where = ".".join(map(str, problem.path))
            raise Stop(
                f"the params of interceptor {name} cannot be read: {where}: {problem.message}", broken=True
            )
    return made


def check_event_type(name: str, params: dict[str, Any], actual: str) -> None:
    """Stop unless the event is of one of the types that are wanted; all are where none are named."""
    wanted = params.get("eventTypes")
    if wanted is not None and actual not in wanted:
        told = f'"{actual[:80]}"' if actual else "none"
        raise Stop(f"{name} wants the event types {', '.join(wanted) or 'none'}, this one is {told}")


def secret_of(name: str, params: dict[str, Any], request: Request) -> bytes | None:
    """The secret that ``secretRef`` names; None where there is no ``secretRef``. Raises Stop."""
    ref = params.get("secretRef")
    if ref is None:
        return None
    key, secret = ref.get("secretKey", ""), ref.get("secretName", "")
    if not key:
        raise Stop(f"the secretRef of interceptor {name} has no secretKey", broken=True)
    value = request.secrets.get((secret, key))
    if value is None:
        raise Stop(f"there is no secret {secret} with a key {key}", broken=True)
    revealed = value.reveal()
    if not revealed:
        # Anybody can sign with nothing: what the cluster would take is no protection here.
        raise Stop(f"the secret {secret} has an empty {key}", broken=True)
    return revealed
