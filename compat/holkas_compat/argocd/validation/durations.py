"""Durations of retries: Go's, or a number of seconds (types.go, ``parseStringToDuration``)."""

from __future__ import annotations

import re

from holkas.model.duration import DurationError, parse_duration

from holkas_compat.argocd.validation.codes import BAD_DURATION
from holkas_compat.argocd.validation.scope import Scope

_NUMBER = re.compile(r"[+-]?\d+\Z", re.ASCII)


def check_duration(value: object, scope: Scope, *keys: str) -> None:
    """Report a text that is no duration; an empty one stands for the default."""
    if not isinstance(value, str) or not value or _NUMBER.match(value) or scope.is_open(value):
        return
    try:
        parse_duration(value)
    except DurationError as error:
        scope.error(BAD_DURATION, str(error), *keys)
