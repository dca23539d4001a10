"""Documents of one kind, namespace and name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from holkas.model.finding import Finding

from holkas_compat.tekton.kubernetes import is_kubernetes
from holkas_compat.tekton.lint.codes import DUPLICATE
from holkas_compat.tekton.unit import Unit


def check_duplicates(units: Sequence[Unit]) -> Iterator[tuple[int, Finding]]:
    """A finding for every document whose name is taken, with the index of its unit."""
    first: dict[tuple[str, str, str], Unit] = {}
    for index, unit in enumerate(units):
        if not unit.name or not (unit.tekton or is_kubernetes(unit)):
            continue
        namespace = unit.document.value["metadata"].get("namespace") or "default"
        earlier = first.setdefault((unit.kind, str(namespace), unit.name), unit)
        if earlier is not unit:
            place = f"{earlier.document.source.name}, document {earlier.document.index + 1}"
            message = f'{unit.kind} "{unit.name}" is declared twice: first in {place}'
            yield index, unit.finding(DUPLICATE, message, ("metadata", "name"))
