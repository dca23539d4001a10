"""The fidelity of a run, field by field: a table for people, which gathers equal fields, or data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from holkas.cli.render.table import Column, emit
from holkas.model.fidelity import FieldVerdict, Treatment

_ORDER = (
    Treatment.REFUSED,
    Treatment.IGNORED,
    Treatment.EMULATED,
    Treatment.UNKNOWN,
    Treatment.HONOURED,
)
"""What needs attention comes first."""

_COLUMNS: Sequence[Column] = (
    ("fidelity", lambda item: item["fidelity"]),
    ("field", lambda item: item["field"]),
    ("times", lambda item: item["times"]),
    ("first", lambda item: item["first"]),
    ("why", lambda item: item["why"]),
)


def emit_fidelity(verdicts: Sequence[FieldVerdict], output: str, *, executor: str) -> None:
    """Print a list; JSON shape ``FidelityList``. ``executor``: how the run would be carried out, in a few words."""
    if output == "table":
        emit(gathered(verdicts), _COLUMNS, output, kind="FidelityList")
        return
    emit([_item(verdict, executor) for verdict in verdicts], _COLUMNS, output, kind="FidelityList")


def gathered(verdicts: Iterable[FieldVerdict]) -> list[dict[str, Any]]:
    """A row for each kind of field, those that are not honoured first, with how often and where first it is used."""
    rows: dict[str, dict[str, Any]] = {}
    for verdict in verdicts:
        row = rows.setdefault(
            verdict.use.field,
            {
                "field": verdict.use.field,
                "times": 0,
                "fidelity": verdict.fidelity.treatment.value,
                "why": verdict.fidelity.why,
                "first": f"{verdict.use.document} {path_text(verdict.use.path)}",
            },
        )
        row["times"] += 1
    ranks: Mapping[str, int] = {treatment.value: rank for rank, treatment in enumerate(_ORDER)}
    return sorted(rows.values(), key=lambda row: ranks[row["fidelity"]])


def path_text(path: Sequence[str | int]) -> str:
    """``spec.steps[0].image``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _item(verdict: FieldVerdict, executor: str) -> dict[str, Any]:
    return {
        "name": path_text(verdict.use.path),
        "document": verdict.use.document,
        "field": verdict.use.field,
        "fidelity": verdict.fidelity.treatment.value,
        "why": verdict.fidelity.why,
        "executor": executor,
    }
