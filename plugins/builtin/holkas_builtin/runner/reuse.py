"""Outcomes of earlier runs that a run may take instead of carrying its tasks out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from holkas.records import dataclass

if TYPE_CHECKING:
    from holkas_builtin.runner.takeover import Takeover
    from holkas_builtin.runner.task_cache import TaskCache


@dataclass(frozen=True, slots=True, kw_only=True)
class Reuse:
    """takeover: of the run that this one goes on with or begins again. cache: of any run; None where not looked for."""

    takeover: Takeover | None = None
    cache: TaskCache | None = None
