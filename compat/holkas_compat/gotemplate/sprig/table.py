"""All of sprig's functions in one table."""

from __future__ import annotations

from collections.abc import Mapping

from holkas_compat.gotemplate.function import Function
from holkas_compat.gotemplate.sprig.arithmetic import ARITHMETIC
from holkas_compat.gotemplate.sprig.cases import CASES
from holkas_compat.gotemplate.sprig.defaults import DEFAULTS
from holkas_compat.gotemplate.sprig.dicts import DICTS
from holkas_compat.gotemplate.sprig.durations import DURATIONS
from holkas_compat.gotemplate.sprig.encodings import ENCODINGS
from holkas_compat.gotemplate.sprig.lists import LISTS
from holkas_compat.gotemplate.sprig.paths import PATHS
from holkas_compat.gotemplate.sprig.patterns import PATTERNS
from holkas_compat.gotemplate.sprig.reflection import REFLECTION
from holkas_compat.gotemplate.sprig.strings import STRINGS
from holkas_compat.gotemplate.sprig.unrepeatable import UNREPEATABLE

SPRIG: Mapping[str, Function] = {
    **ARITHMETIC,
    **CASES,
    **DEFAULTS,
    **DICTS,
    **DURATIONS,
    **ENCODINGS,
    **LISTS,
    **PATHS,
    **PATTERNS,
    **REFLECTION,
    **STRINGS,
    **UNREPEATABLE,
}
"""Name → function, without ``env``, ``expandenv`` and ``getHostByName``, which would tell of the machine."""
