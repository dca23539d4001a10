"""Variables of deliveries, spelled as Tekton spells its own: ``$(revision.short)``."""

from __future__ import annotations

import re
from collections.abc import Mapping

from holkas.model.revision import Revision

_VARIABLE = re.compile(r"\$\(([A-Za-z][A-Za-z0-9_.\-]*)\)")
_UNFIT = re.compile(r"[^A-Za-z0-9_.+-]+")

KNOWN = (
    "project",
    "environment",
    "environment.address",
    "delivery",
    "revision.id",
    "revision.short",
    "revision.ref",
)
"""Variables beside ``results.NAME`` and ``artifacts.NAME.version|digest``."""


class UnknownVariable(ValueError):
    """A text asks for a variable that has no value here."""


def revision_variables(project: str, delivery: int, revision: Revision) -> dict[str, str]:
    """What is known from the beginning."""
    return {
        "project": project,
        "delivery": str(delivery),
        "revision.id": revision.id,
        "revision.short": short(revision.id),
        "revision.ref": revision.ref,
    }


def short(revision: str) -> str:
    """The beginning of an id by which people know it."""
    return revision[:12]


def expand(text: str, variables: Mapping[str, str]) -> str:
    """The text with the values in place of the variables, in one pass. Raises UnknownVariable."""

    def value(match: re.Match[str]) -> str:
        try:
            return variables[match[1]]
        except KeyError:
            raise UnknownVariable(f"there is no $({match[1]}) here") from None

    return _VARIABLE.sub(value, text)


def unknown_variables(text: str) -> list[str]:
    """Names in a text that no delivery will ever know."""
    found = [match[1] for match in _VARIABLE.finditer(text)]
    return [name for name in found if name not in KNOWN and not name.startswith(("results.", "artifacts."))]


def version_of(rule: str, variables: Mapping[str, str]) -> str:
    """A version by its rule; what no repository takes in a version becomes a dash. Raises UnknownVariable."""
    return _UNFIT.sub("-", expand(rule, variables)).strip("-.")
