"""The three environment variables that decide which plugins are loaded and whether that is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from holkas.plugins.inventory import Entry, normal
from holkas.records import dataclass

LOAD = "HOLKAS_LOAD_PLUGINS"
DISABLED = "HOLKAS_DISABLED_PLUGINS"
TRACE = "HOLKAS_TRACE_PLUGINS"


@dataclass(frozen=True, slots=True)
class Switches:
    """Names of entry points or distributions. ``load`` None means all; an empty one means none at all."""

    load: tuple[str, ...] | None = None
    disabled: tuple[str, ...] = ()
    trace: bool = False

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Switches:
        """Read the variables. ``HOLKAS_LOAD_PLUGINS`` set to nothing loads nothing; unset, everything."""
        load = environ.get(LOAD)
        return cls(
            load=None if load is None else _names(load),
            disabled=_names(environ.get(DISABLED, "")),
            trace=environ.get(TRACE, "") not in ("", "0"),
        )

    def why_not(self, entry: Entry) -> str:
        """The variable that keeps this plugin from being loaded, or nothing."""
        if self.load is not None and not any(_names_it(name, entry) for name in self.load):
            return LOAD
        return DISABLED if any(_names_it(name, entry) for name in self.disabled) else ""

    def unknown(self, entries: Iterable[Entry]) -> list[tuple[str, str]]:
        """(variable, name) of names in ``HOLKAS_LOAD_PLUGINS`` that nothing has.

        A disabled plugin that is not installed is as disabled as can be, so that variable is not looked at.
        """
        known = tuple(entries)
        return [
            (LOAD, name) for name in self.load or () if not any(_names_it(name, entry) for entry in known)
        ]


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for part in text.split(",") if (name := part.strip()))


def _names_it(name: str, entry: Entry) -> bool:
    return name == entry.name or normal(name) == normal(entry.distribution)
