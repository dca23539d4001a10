"""Short ways of writing the tables."""

from __future__ import annotations

from holkas.model.fidelity import Fidelity, FidelityTable, Treatment

HONOURED = Fidelity(treatment=Treatment.HONOURED)
WHOLE = Fidelity(treatment=Treatment.HONOURED, whole=True)
"""Honoured with all that lies below."""


def emulated(why: str, *, whole: bool = False) -> Fidelity:
    """Something else is done that comes near."""
    return Fidelity(treatment=Treatment.EMULATED, why=why, whole=whole)


def ignored(why: str) -> Fidelity:
    """Nothing is done."""
    return Fidelity(treatment=Treatment.IGNORED, why=why)


def refused(why: str) -> Fidelity:
    """What uses it fails."""
    return Fidelity(treatment=Treatment.REFUSED, why=why)


def fields(type_: str, names: str, fidelity: Fidelity = HONOURED) -> FidelityTable:
    """The same for several fields of a type, named with blanks between."""
    return {f"{type_}.{name}": fidelity for name in names.split()}
