"""Declared parameters as the rules see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from holkas.model.path import PathPart
from holkas.records import dataclass

from holkas_compat.manifest.shape import name_of, record, records, text, texts
from holkas_compat.tekton.validation.scope import Scope
from holkas_compat.tekton.validation.values import ARRAY, OBJECT, string_of, type_of


@dataclass(frozen=True, slots=True)
class ParamSpec:
    """A declared parameter as the rules see it.

    properties: the type of each key, None where none are declared. path: where it is declared, from the
    document's root.
    """

    name: str
    type: str
    properties: Mapping[str, str] | None = None
    default_type: str | None = None
    default: str = ""
    enum: Sequence[str] = ()
    path: tuple[PathPart, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """The keys of an object."""
        return frozenset(self.properties or ())


@dataclass(frozen=True, slots=True)
class ParamNames:
    """Names of declared parameters by what they hold. ``objects``: the keys of each object."""

    all: frozenset[str]
    arrays: frozenset[str]
    objects: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, specs: Iterable[ParamSpec]) -> ParamNames:
        """Group some declarations."""
        specs = list(specs)
        return cls(
            frozenset(spec.name for spec in specs),
            frozenset(spec.name for spec in specs if spec.type == ARRAY),
            {spec.name: spec.keys for spec in specs if spec.type == OBJECT},
        )


def read_specs(value: Any, scope: Scope) -> list[ParamSpec]:
    """The declarations under the key ``params`` of a spec; ``scope`` is that of the spec."""
    found = []
    for index, entry in enumerate(records(value)):
        properties = entry.get("properties")
        found.append(
            ParamSpec(
                name=name_of(entry),
                type=text(entry.get("type")),
                properties={key: text(record(item).get("type")) for key, item in properties.items()}
                if isinstance(properties, dict)
                else None,
                default_type=type_of(entry, "default") if entry.get("default") is not None else None,
                default=string_of(entry, "default"),
                enum=texts(entry.get("enum")),
                path=(*scope.path, "params", index),
            )
        )
    return found


def place_of(spec: ParamSpec, scope: Scope) -> Scope:
    """Where a parameter is declared, with Tekton's spelling of the place where its use is judged."""
    return Scope(scope.collector, spec.path, scope.fields)
