"""Kubernetes' quantities as numbers."""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, Decimal

from holkas.extensions.executor import ExecutorError

_QUANTITY = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d{1,2})|([KMGTPE]i|[numkMGTPE])?)")
_SUFFIXES = {
    "": Decimal(1),
    **{suffix: Decimal(1000) ** power for power, suffix in enumerate("kMGTPE", 1)},
    **{f"{suffix}i": Decimal(1024) ** power for power, suffix in enumerate("KMGTPE", 1)},
    **{suffix: Decimal(1000) ** -power for power, suffix in enumerate("mun", 1)},
}


def quantity(value: object, what: str) -> Decimal:
    """The number that ``500m``, ``1.5Gi``, ``2e3`` stands for.

    what: the field, for the message. Raises ExecutorError. Source: Kubernetes' documentation, "Quantity".
    """
    found = _QUANTITY.fullmatch(str(value)) if len(str(value)) <= 40 else None
    if found is None:
        raise ExecutorError(f"{what}: {str(value)[:40]!r} is not a quantity")
    number = Decimal(found[1]) * (Decimal(f"1{found[2]}") if found[2] else _SUFFIXES[found[3] or ""])
    if number < 0:
        raise ExecutorError(f"{what}: {value!r} is less than nothing")
    return number


def whole(number: Decimal) -> int:
    """Rounded up, as Kubernetes does."""
    return int(number.to_integral_value(ROUND_CEILING))
