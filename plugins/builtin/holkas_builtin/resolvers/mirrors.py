"""Other places for addresses: a mirror, a proxy, a copy on this machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def mirrored(address: str, mirrors: Sequence[Mapping[str, Any]]) -> str:
    """The address to ask instead: the longest ``url`` that it begins with is replaced by that rule's ``to``.

    As git's ``url.<base>.insteadOf``: what is recorded as the source stays the address that was written.
    """
    fitting = [rule for rule in mirrors if address.startswith(str(rule["url"]))]
    if not fitting:
        return address
    rule = max(fitting, key=lambda one: len(str(one["url"])))
    return str(rule["to"]) + address[len(str(rule["url"])) :]
