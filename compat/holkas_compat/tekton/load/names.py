"""Names of runs as Kubernetes generates them (k8s.io/apiserver, storage/names; apimachinery, util/rand)."""

from __future__ import annotations

import os
from collections.abc import Callable

_ALPHABET = "bcdfghjklmnpqrstvwxz2456789"
_SUFFIX = 5
_LONGEST_BASE = 63 - _SUFFIX


def name_maker(seed: str) -> Callable[[str], str]:
    """A function that completes a generateName. With a seed the n-th name is always the same."""
    count = 0

    def make(base: str) -> str:
        nonlocal count
        count += 1
        return base[:_LONGEST_BASE] + _suffix(f"{seed}/{count}" if seed else "")

    return make


def _suffix(seed: str) -> str:
    if not seed:
        digest = os.urandom(_SUFFIX)
    else:
        from hashlib import sha256

        digest = sha256(seed.encode()).digest()
    return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:_SUFFIX])
