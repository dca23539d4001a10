"""References to a task, a pipeline or a step action, by name or through a resolver."""

from __future__ import annotations

from holkas.model.param import Param
from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """``name`` (of ``kind`` in ``api_version``) or a ``resolver`` with its params."""

    name: str = ""
    kind: str = ""
    api_version: str = ""
    resolver: str = ""
    params: tuple[Param, ...] = ()
