"""Values of Go that are neither texts nor numbers nor collections, but have methods."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Method = Callable[..., Any]


class GoObject:
    """A value with methods, which templates name like fields: ``(semver "1.2.3").Major``."""

    go_type = "struct"
    go_kind = "struct"

    def methods(self) -> Mapping[str, tuple[int, Method]]:
        """How many arguments each takes, and what it gives; it raises FunctionError for arguments of other types."""
        return {}
