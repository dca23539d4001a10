"""When expressions: the conditions under which a task or a step starts."""

from __future__ import annotations

from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """Either ``input`` in/notin ``values``, or an expression in the Common Expression Language."""

    input: str = ""
    operator: str = ""
    values: tuple[str, ...] = ()
    cel: str = ""
