"""What a plugin's hook hands over: a name, a sentence, and how to make the thing when it is needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from importlib import import_module
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from holkas.plugins.hooks import HookName
from holkas.records import dataclass

T = TypeVar("T", covariant=True)

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class PluginLookup(Protocol):
    """How one plugin reaches the tools of others without importing them: the manager, seen from inside."""

    def providers(self, hook: HookName) -> Sequence[Provider[Any]]:
        """The providers of a hook (``executors``, ``importers`` …), in a stable order."""
        ...

    def make(self, hook: HookName, name: str, options: Mapping[str, Any] | None = None) -> Any:
        """Make one of them. Raises PluginError."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a plugin is told when it is made.

    options: its own settings from holkas.yaml, already checked against ``Provider.options_schema``.
    project: root of the project (where holkas.yaml or .git lies), or the working directory.
    state: directory for what must outlive a command.
    plugins: the tools of other plugins; None where a provider is made alone, in a test.
    """

    options: Mapping[str, Any] = field(default_factory=dict)
    project: Path = field(default_factory=Path)
    state: Path = field(default_factory=Path)
    plugins: PluginLookup | None = None

    def place(self, option: str, default: str) -> Path:
        """Where an option says that something lies, relative to the project; ``default`` below the state without it."""
        given = self.options.get(option)
        return self.project / given if given else self.state / default


def made_by(target: str) -> Callable[[Context], Any]:
    """A ``make`` for a class, or a function, that is imported when the tool is wanted and called with the Context.

    target: ``module:name``.
    """
    module, _, name = target.partition(":")

    def make(context: Context) -> Any:
        return getattr(import_module(module), name)(context)

    return make


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider(Generic[T]):
    """One tool of a role, or one executor, importer, check …; ``make`` imports the code behind it.

    name: lower-case letters, digits and single dashes between them; unique among the providers of its hook.
    summary: one line, shown by ``holkas plugins info``.
    capabilities: flags of the role that this tool has.
    options_schema: JSON Schema (an object) of its settings in holkas.yaml.

    Raises ValueError where it is made when one of these is not so, so that the author sees the line.
    """

    name: str
    summary: str
    make: Callable[[Context], T]
    capabilities: frozenset[str] = frozenset()
    options_schema: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not _NAME.fullmatch(self.name):
            raise ValueError(
                f"provider name {self.name!r} is not lower-case letters, digits and single dashes between "
                f"them"
            )
        if not isinstance(self.summary, str) or not self.summary.strip() or "\n" in self.summary:
            raise ValueError(f"provider {self.name!r} needs a summary of one line")
        if not callable(self.make):
            raise ValueError(f"provider {self.name!r}: make is not callable")
        if isinstance(self.capabilities, str) or not all(isinstance(flag, str) for flag in self.capabilities):
            raise ValueError(f"provider {self.name!r}: capabilities is not a set of strings")
        if not isinstance(self.options_schema, Mapping):
            raise ValueError(f"provider {self.name!r}: options_schema is not a JSON Schema object")
        object.__setattr__(self, "capabilities", frozenset(self.capabilities))
