"""What a plugin's hook hands over: a name, a sentence, and how to make the thing when it is needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

T = TypeVar("T", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a plugin is told when it is made.

    options: its own settings from holkas.yaml, already checked against ``Provider.options_schema``.
    project: root of the project (where holkas.yaml or .git lies), or the working directory.
    state: directory for what must outlive a command.
    """

    options: Mapping[str, Any] = field(default_factory=dict)
    project: Path = field(default_factory=Path)
    state: Path = field(default_factory=Path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider(Generic[T]):
    """One tool of a role, or one executor, importer, check …; ``make`` imports the code behind it.

    name: lower-case letters, digits and dashes; unique among the providers of its hook.
    capabilities: flags of the role that this tool has.
    options_schema: JSON Schema (an object) of its settings in holkas.yaml.
    """

    name: str
    summary: str
    make: Callable[[Context], T]
    capabilities: frozenset[str] = frozenset()
    options_schema: Mapping[str, Any] = field(default_factory=dict)
