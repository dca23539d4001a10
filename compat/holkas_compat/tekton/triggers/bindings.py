"""The params that an event gives to a template.

Source: pkg/template/event.go (ResolveParams), pkg/template/resource.go (resolveBindingsToParams);
docs/triggerbindings.md. Unlike there, what an event put in is never read as an expression again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from holkas_compat.tekton.triggers.event_json import BodyError, read_json
from holkas_compat.tekton.triggers.expressions import find
from holkas_compat.tekton.triggers.headers import Headers
from holkas_compat.tekton.triggers.interceptors.request import Stop
from holkas_compat.tekton.triggers.jsonpath import PathError, find_text, parse


def event_value(
    body: bytes, headers: Headers, extensions: Mapping[str, Any], event_id: str
) -> dict[str, Any]:
    """What the paths of bindings go through; several values of a header with commas between. Raises Stop."""
    try:
        value = read_json(body)
    except BodyError as error:
        raise Stop(str(error)) from None
    return {
        "header": {name: ",".join(values) for name, values in headers.items()},
        "body": value,
        "extensions": dict(extensions),
        "context": {"eventID": event_id},
    }


def resolve_params(
    bound: Iterable[tuple[str, str]], event: Mapping[str, Any], defaults: Mapping[str, str | None]
) -> dict[str, str]:
    """Values by name: the template's defaults, and over them what is bound. Raises Stop.

    A path at which the event has nothing falls back to the param's default.
    """
    params = {name: default for name, default in defaults.items() if default is not None}
    seen: set[str] = set()
    for name, value in bound:
        if name in seen:
            raise Stop(f"two bindings give param {name}", broken=True)
        seen.add(name)
        params[name] = _resolved(name, value, event, params.get(name))
    return params


def _resolved(name: str, value: str, event: Mapping[str, Any], default: str | None) -> str:
    pieces, done = [], 0
    for start, end, expression in find(value):
        pieces.append(value[done:start])
        try:
            pieces.append(find_text(parse(expression), event))
        except PathError as error:
            if default is None:
                raise Stop(f"param {name}: $({expression}): {error}") from None
            pieces.append(default)
        done = end
    return "".join([*pieces, value[done:]])
