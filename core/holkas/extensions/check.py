"""Checks: what ``holkas doctor`` looks at."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from enum import StrEnum
from typing import ClassVar

from holkas.records import dataclass


class CheckStatus(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """``message``: what was found, one line. ``hint``: what to do, one sentence; empty when all is well.

    essential: a failure makes ``holkas doctor`` end with exit code 1. details: more lines, shown under
    ``-vv``.
    """

    name: str
    status: CheckStatus
    message: str = ""
    hint: str = ""
    essential: bool = False
    details: str = ""


class Check(ABC):
    """Looks at something of this machine and changes nothing. Used by one thread, once."""

    name: ClassVar[str]

    @abstractmethod
    def run(self) -> Iterable[CheckResult]:
        """What was found; within a few seconds. Says what fails as a result, not as an exception."""
