"""Documents of one kind, namespace and name."""

from __future__ import annotations

from collections.abc import Iterator

from holkas.model.finding import Finding

from holkas_compat.argocd.lint.codes import DUPLICATE
from holkas_compat.argocd.lint.shelf import Shelf
from holkas_compat.argocd.unit import Unit


def check_duplicates(shelf: Shelf) -> Iterator[tuple[Unit, Finding]]:
    """A finding for every document whose name is taken."""
    first: dict[tuple[str, str, str], Unit] = {}
    for unit in shelf.units:
        if not unit.name:
            continue
        earlier = first.setdefault((unit.kind, unit.namespace, unit.name), unit)
        if earlier is not unit:
            place = f"{earlier.document.source.name}, document {earlier.document.index + 1}"
            message = f'{unit.kind} "{unit.name}" is declared twice: first in {place}'
            yield unit, unit.finding(DUPLICATE, message, ("metadata", "name"))
