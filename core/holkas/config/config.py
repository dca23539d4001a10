"""The configuration as it counts: for every value the layer that it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any

from holkas.config.settings import BY_KEY, PLUGINS
from holkas.records import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from. ``layer``: default, user, project, environment or flag; ``name``: file or variable."""

    layer: str
    name: str = ""
    line: int | None = None

    def __str__(self) -> str:
        if not self.name:
            return self.layer
        return f"{self.layer}: {self.name}" + (f":{self.line}" if self.line else "")


@dataclass(frozen=True, slots=True)
class Entry:
    """A value and its origin."""

    value: Any
    origin: Origin


@dataclass(frozen=True, slots=True)
class Config:
    """Values by dotted key; those of plugins under ``plugins.<hook>.<provider>.<setting>``."""

    entries: Mapping[str, Entry] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """A string setting."""
        return str(self._value(key))

    def number(self, key: str) -> int:
        """An integer setting."""
        return int(self._value(key))

    def flag(self, key: str) -> bool:
        """The value of a setting that is true or false."""
        return bool(self._value(key))

    def origin(self, key: str) -> Origin:
        """Where the value comes from."""
        entry = self.entries.get(key)
        return Origin("default") if entry is None else entry.origin

    def plugin_options(self, hook: str, provider: str) -> dict[str, Any]:
        """The settings of one plugin's tool."""
        prefix = f"{PLUGINS}.{hook}.{provider}."
        return {
            key.removeprefix(prefix): entry.value
            for key, entry in self.entries.items()
            if key.startswith(prefix)
        }

    def __iter__(self) -> Iterator[tuple[str, Entry]]:
        """Every setting, those that nobody set included, sorted."""
        entries = {key: Entry(setting.default, Origin("default")) for key, setting in BY_KEY.items()}
        entries.update(self.entries)
        return iter(sorted(entries.items()))

    def _value(self, key: str) -> Any:
        entry = self.entries.get(key)
        return BY_KEY[key].default if entry is None else entry.value
