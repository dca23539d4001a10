"""No field of Tekton's types is forgotten by an executor's table, and no table speaks of a field that there is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from holkas.model.fidelity import FidelityTable, Treatment, fidelity_of, is_whole
from holkas_builtin.executors.fidelity.container import CONTAINER
from holkas_builtin.executors.fidelity.on_this_machine import PROCESS, SANDBOX
from holkas_compat.manifest.types import ListOf, MapOf, Struct, Type, resolved
from holkas_compat.tekton.field_uses import type_name
from holkas_compat.tekton.schema.kinds import KINDS

TABLES: Mapping[str, FidelityTable] = {"container": CONTAINER, "sandbox": SANDBOX, "process": PROCESS}


def struct_of(type_: Type) -> Struct | None:
    found = resolved(type_)
    while isinstance(found, ListOf | MapOf):
        found = resolved(found.item if isinstance(found, ListOf) else found.value)
    return found if isinstance(found, Struct) else None


def reachable(table: FidelityTable) -> Iterator[str]:
    """Fields that a document can have, but for those below one that the table judges as a whole."""
    pending: list[Struct] = list(KINDS.values())
    seen: set[str] = set()
    while pending:
        struct = pending.pop()
        if struct.name in seen:
            continue
        seen.add(struct.name)
        for name, field in struct.fields.items():
            key = f"{type_name(struct)}.{name}"
            yield key
            below = struct_of(field.type)
            if below is not None and not is_whole(fidelity_of(key, table)):
                pending.append(below)


@pytest.mark.parametrize("executor", TABLES)
def test_every_field_is_judged(executor: str) -> None:
    table = TABLES[executor]
    forgotten = {
        field for field in reachable(table) if fidelity_of(field, table).treatment is Treatment.UNKNOWN
    }
    assert forgotten == set()


@pytest.mark.parametrize("executor", TABLES)
def test_only_fields_that_there_are_have_a_judgement(executor: str) -> None:
    every = set(reachable({}))
    pending: list[Struct] = list(KINDS.values())
    seen: set[str] = set()
    while pending:
        struct = pending.pop()
        if struct.name not in seen:
            seen.add(struct.name)
            every |= {f"{type_name(struct)}.{name}" for name in (*struct.fields, "*")}
            pending += [below for field in struct.fields.values() if (below := struct_of(field.type))]
    assert set(TABLES[executor]) - every == set()


@pytest.mark.parametrize("executor", TABLES)
def test_whatever_is_not_honoured_has_a_sentence(executor: str) -> None:
    for field, fidelity in TABLES[executor].items():
        if fidelity.treatment is Treatment.HONOURED:
            assert fidelity.why == "", field
        else:
            assert fidelity.why.endswith("."), field
            assert "\n" not in fidelity.why, field
