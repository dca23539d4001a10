"""Templates that give something else each time: random values, certificates, the time.

What a chart calls is found in its templates, those of its dependencies included. Whether it matters is found by rendering
twice: most charts call such a function only where a value is not given. The time and small random numbers may be the
same twice and another one tomorrow, so that of these a warning remains.

Source: sprig, "Cryptographic and Security Functions", "Strings" (rand…), "Date"; Helm, "Template Function List".
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from holkas_compat.argocd.rendering.inputs import TreeReader

MAY_REPEAT = frozenset({"now", "ago", "randInt", "shuffle"})
"""Functions that may give the same within a moment, though not for ever."""

MAX_ARCHIVE = 64 << 20
"""Bytes of an archive's content that are looked at."""

_ACTION = re.compile(rb"\{\{(.*?)\}\}", re.DOTALL)
_IMPURE = re.compile(
    rb"(?<![\w.$\"])(rand(?:Alpha|AlphaNum|Ascii|Numeric|Bytes|Int)|shuffle|uuidv4|now|ago|bcrypt|htpasswd|encryptAES"
    rb"|gen(?:CA|CAWithKey|SelfSignedCert|SelfSignedCertWithKey|SignedCert|SignedCertWithKey|PrivateKey))(?![\w\"])"
)


def impure_functions(path: str, reader: TreeReader, scratch: Path) -> list[str]:
    """Names of functions in a chart's templates whose outcome is not made of their arguments alone, sorted.

    scratch: where fetched dependencies were put.
    """
    found: set[str] = set()
    for name in reader.below(path):
        if _is_looked_at(name):
            found |= _in_content(name, reader.read(name))
    for file in sorted(scratch.rglob("*")):
        if file.is_file() and not file.is_symlink() and _is_looked_at(file.relative_to(scratch).as_posix()):
            found |= _in_content(file.name, file.read_bytes())
    return sorted(found)


def difference(first: Sequence[Mapping[str, Any]], second: Sequence[Mapping[str, Any]]) -> str:
    """The first place at which two renders differ, as ``Kind/name: a.b``; empty where they are the same."""
    for one, other in zip(first, second, strict=False):
        if one != other:
            metadata = one.get("metadata")
            name = metadata.get("name") if isinstance(metadata, Mapping) else ""
            return f"{one.get('kind')}/{name}: {'.'.join(_place(one, other))}"
    return "" if len(first) == len(second) else "the number of manifests"


def _place(one: Any, other: Any) -> list[str]:
    pairs: list[tuple[Any, Any, Any]] = []
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        pairs = [(key, one.get(key), other.get(key)) for key in sorted({*one, *other})]
    elif isinstance(one, list) and isinstance(other, list):
        pairs = list(zip(range(max(len(one), len(other))), one, other, strict=False))
    for key, left, right in pairs:
        if left != right:
            return [str(key), *_place(left, right)]
    return []


def _is_looked_at(name: str) -> bool:
    return "templates" in name.split("/")[:-1] or name.endswith((".tgz", ".tar.gz"))


def _in_content(name: str, content: bytes) -> set[str]:
    if name.endswith((".tgz", ".tar.gz")):
        try:  # the texts of an archive follow each other in it, and nothing more is wanted
            content = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(content, MAX_ARCHIVE)
        except zlib.error:
            return set()
    return {
        match[1].decode()
        for action in _ACTION.finditer(content)
        if not action[1].lstrip(b"- \t\r\n").startswith(b"/*")
        for match in _IMPURE.finditer(action[1])
    }
