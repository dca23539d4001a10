"""CEL: a filter, and overlays that become extensions (pkg/interceptors/cel/cel.go)."""

from __future__ import annotations

from typing import Any

from holkas_compat.tekton.triggers.cel.evaluator import ExpressionError
from holkas_compat.tekton.triggers.event_json import BodyError, read_json
from holkas_compat.tekton.triggers.interceptors.params import params_of
from holkas_compat.tekton.triggers.interceptors.request import Request, Stop
from holkas_compat.tekton.triggers.overlay_path import OverlayPathError, put


def cel(request: Request) -> dict[str, Any]:
    """The overlays' values. Overlays see the extensions of earlier interceptors, not each other's."""
    params = params_of("cel", request)
    expression = params.get("filter", "")
    overlays = params.get("overlays", [])
    names = ["the filter", *(f"the overlay {overlay.get('key', '')}" for overlay in overlays)]
    variables = {
        "body": _body(request.body),
        "header": {name: list(values) for name, values in request.headers.items()},
        "extensions": dict(request.extensions),
        "requestURL": request.url,
    }
    secrets = {f"{name}/{key}": value.reveal() for (name, key), value in request.secrets.items()}
    if expression:
        (passed,) = _evaluate(request, [expression], variables, secrets, names)
        if passed is not True:
            raise Stop(f"the filter is not true: {expression}")
    expressions = [overlay.get("expression", "") for overlay in overlays]
    made: dict[str, Any] = {}
    if overlays:
        values = _evaluate(request, expressions, variables, secrets, names[1:])
        for overlay, value in zip(overlays, values, strict=True):
            try:
                put(made, overlay.get("key", ""), value)
            except OverlayPathError as error:
                raise Stop(f"the key of an overlay: {error}", broken=True) from None
    return made


def _body(body: bytes) -> dict[str, Any]:
    try:
        value = read_json(body)
    except BodyError as error:
        raise Stop(str(error)) from None
    if not isinstance(value, dict | None):
        raise Stop("the body is no JSON mapping")
    return value or {}


def _evaluate(
    request: Request,
    expressions: list[str],
    variables: dict[str, Any],
    secrets: dict[str, bytes],
    names: list[str],
) -> list[Any]:
    try:
        return request.evaluator.evaluate(expressions, variables, secrets)
    except ExpressionError as error:
        which = names[error.index] if error.index >= 0 else "an expression"
        raise Stop(f"{which} cannot be evaluated: {error}") from None
