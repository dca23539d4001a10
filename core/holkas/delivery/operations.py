"""Which operations are due: the schedules of holkas.yaml against what the ledger says ran last."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from holkas.delivery.board import operation_key
from holkas.delivery.definition import OperationRule, ProjectDefinition, Stage
from holkas.delivery.triggers import is_due, next_time
from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedOperation:
    """An operation in an environment. last: its row of the ledger's views, None where it never ran."""

    rule: OperationRule
    stage: Stage
    last: Mapping[str, Any] | None

    def next(self, since: float) -> float | None:
        """When it is due next, in seconds since the epoch; None for one without a schedule.

        since: what counts in place of the last run for one that never ran.
        """
        if not self.rule.schedule:
            return None
        return next_time(self.rule.schedule, self.rule.zone, self._begun(since))

    def is_due(self, since: float, now: float) -> bool:
        """Whether it should have run since it ran last; however often it was missed, once."""
        return is_due(self.rule.schedule, self.rule.zone, self._begun(since), now)

    def _begun(self, since: float) -> float:
        return since if self.last is None else float(self.last["started"])


def planned_operations(definition: ProjectDefinition, read: Callable[[str], Any]) -> list[PlannedOperation]:
    """Every operation in every environment that it is for, in the order of holkas.yaml. read: gives a view by its key."""
    found = []
    for rule in definition.operations:
        for name in rule.environments:
            stage = definition.stage(name)
            if stage is not None:
                last = read(operation_key(definition.name, name, rule.name))
                found.append(PlannedOperation(rule=rule, stage=stage, last=last))
    return found


def due_operations(
    definition: ProjectDefinition, read: Callable[[str], Any], *, since: float, now: float
) -> list[PlannedOperation]:
    """Those that are due now. since: when somebody began to look after the schedules, for those that never ran."""
    return [one for one in planned_operations(definition, read) if one.is_due(since, now)]
