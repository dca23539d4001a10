"""Parameters: flattened, combined, with ``values`` added.

Source: Argo CD's documentation, "Generators"; the flattening is that of the Go library flatten, in its dotted style.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas_compat.argocd.applicationset.errors import GenerationError
from holkas_compat.argocd.applicationset.substitution import Params, Substitution
from holkas_compat.gotemplate.formatting import shown
from holkas_compat.gotemplate.values import StringMap, measure


def flatten(value: Mapping[str, Any]) -> dict[str, str]:
    """Every leaf as text under its dotted path; empty mappings and lists leave nothing.

    Lists of Go's other types (``[]string``), and in a list mappings of other types, are leaves, as in the original.
    """
    measure(dict(value))
    flat: dict[str, str] = {}
    _flatten(value, "", flat, inside=False)
    return flat


def _flatten(value: Any, lead: str, flat: dict[str, str], *, inside: bool) -> None:
    pairs = (
        value.items()
        if isinstance(value, Mapping)
        else ((str(index), item) for index, item in enumerate(value))
    )
    for key, item in pairs:
        name = f"{lead}.{key}" if lead else key
        if type(item) is list or type(item) is dict or (type(item) is StringMap and not inside):
            _flatten(item, name, flat, inside=inside or type(item) is list)
        else:
            flat[name] = shown(item)


def add_values(values: Mapping[str, Any] | None, params: Params, how: Substitution) -> None:
    """Adds a generator's ``values`` to its parameters; each sees the parameters, and none of the other values."""
    try:
        made = {key: how.text(_text(value), params) for key, value in (values or {}).items()}
    except GenerationError as error:
        told = "failed to replace templated string: failed to replace templated string with rendered values"
        raise GenerationError(f"{told}: {error}", path=error.path, code=error.code) from error
    if not made:
        return
    if how.go_template:
        params["values"] = StringMap(made)
    else:
        params.update({f"values.{key}": value for key, value in made.items()})


def _text(value: Any) -> str:
    return value if isinstance(value, str) else shown(value)


def as_texts(params: Mapping[str, Any]) -> dict[str, str]:
    """The parameters as texts."""
    return {key: _text(value) for key, value in params.items()}


def combine(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, str]:
    """Both, as texts. Raises GenerationError for a key that has two values."""
    made = as_texts(first)
    for key, value in as_texts(second).items():
        if made.get(key, value) != value:
            raise GenerationError(
                f"found duplicate key {key} with different value, a: {made[key]} ,b: {value}"
            )
        made[key] = value
    return made
