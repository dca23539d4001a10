"""What an interceptor is given, and how it stops a trigger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.model.secret import Secret
from holkas.records import dataclass

from holkas_compat.tekton.triggers.cel.evaluator import Evaluator
from holkas_compat.tekton.triggers.headers import Headers


class Stop(Exception):
    """The trigger starts nothing. ``broken``: because of the file, not because the event is of no interest."""

    def __init__(self, reason: str, *, broken: bool = False) -> None:
        super().__init__(reason)
        self.broken = broken


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One interceptor's view of an event.

    params: of the interceptor. extensions: what earlier interceptors added. secrets: by name and key.
    """

    body: bytes
    headers: Headers
    url: str
    params: Mapping[str, Any]
    extensions: Mapping[str, Any]
    secrets: Mapping[tuple[str, str], Secret]
    evaluator: Evaluator
