"""Params, results, references and when expressions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from holkas.model.param import Param, ParamSpec, Result, ResultSpec
from holkas.model.reference import Reference
from holkas.model.value import Value, ValueType, type_of
from holkas.model.when import When

from holkas_compat.tekton.writer.fields import filled, plain


def write_params(params: Iterable[Param]) -> list[dict[str, Any]]:
    """Values of params."""
    return [{"name": param.name, "value": plain(param.value)} for param in params]


def write_param_specs(specs: Iterable[ParamSpec]) -> list[dict[str, Any]]:
    """Declared params. The type ``string`` is left out."""
    return [_param_spec(spec) for spec in specs]


def write_result_specs(specs: Iterable[ResultSpec]) -> list[dict[str, Any]]:
    """Declared results."""
    return [
        {"name": spec.name}
        | filled(
            type=_type(spec, None),
            properties=_properties(spec.properties),
            description=spec.description,
        )
        | ({} if spec.value is None else {"value": plain(spec.value)})
        for spec in specs
    ]


def write_results(results: Iterable[Result]) -> list[dict[str, Any]]:
    """Emitted results of a task or a step, with their types."""
    return [
        {"name": result.name, "type": type_of(result.value).value, "value": plain(result.value)}
        for result in results
    ]


def write_whens(whens: Iterable[When]) -> list[dict[str, Any]]:
    """When expressions."""
    return [
        {"cel": when.cel}
        if when.cel and not when.operator
        else {"input": when.input, "operator": when.operator, "values": list(when.values)}
        | filled(cel=when.cel)
        for when in whens
    ]


def write_reference(ref: Reference | None) -> dict[str, Any] | None:
    """A reference."""
    if ref is None:
        return None
    return filled(
        name=ref.name,
        kind=ref.kind,
        apiVersion=ref.api_version,
        resolver=ref.resolver,
        params=write_params(ref.params),
    )


def _param_spec(spec: ParamSpec) -> dict[str, Any]:
    out = {"name": spec.name} | filled(
        type=_type(spec, spec.default),
        description=spec.description,
        properties=_properties(spec.properties),
    )
    if spec.default is not None:
        out["default"] = plain(spec.default)
    if spec.enum:
        out["enum"] = list(spec.enum)
    return out


def _type(spec: ParamSpec | ResultSpec, default: Value | None) -> str:
    """Empty for a string, unless the default or the properties would make it something else."""
    plain_string = not spec.properties and (default is None or isinstance(default, str))
    return "" if spec.type is ValueType.STRING and plain_string else spec.type.value


def _properties(properties: Mapping[str, ValueType]) -> dict[str, Any]:
    return {key: {"type": kind.value} for key, kind in properties.items()}
