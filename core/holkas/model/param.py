"""Params and results: what is declared and what is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from holkas.model.value import Value, ValueType
from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ParamSpec:
    """A declared param. ``default`` None means required; ``properties`` names the keys of an object."""

    name: str
    type: ValueType = ValueType.STRING
    description: str = ""
    default: Value | None = None
    properties: Mapping[str, ValueType] = field(default_factory=dict)
    enum: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Param:
    """A value given to a param."""

    name: str
    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultSpec:
    """A declared result of a task, a step or a pipeline.

    value: for a pipeline's result the text with references; for a task's the step result it is taken from.
    """

    name: str
    type: ValueType = ValueType.STRING
    description: str = ""
    properties: Mapping[str, ValueType] = field(default_factory=dict)
    value: Value | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A value that was emitted."""

    name: str
    value: Value
