"""The data of a ConfigMap or Secret as texts."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from holkas_compat.manifest.shape import record


def data_of(document: Mapping[str, Any]) -> dict[str, str]:
    """Key → text. A Secret's ``stringData`` wins over its ``data``; what is no text or no base64 is left out."""
    plain = {key: value for key, value in record(document.get("data")).items() if isinstance(value, str)}
    if document.get("kind") != "Secret":
        return plain
    found: dict[str, str] = {}
    for key, value in plain.items():
        try:
            found[key] = base64.b64decode("".join(value.split()), validate=True).decode()
        except (binascii.Error, ValueError):
            continue
    strings = record(document.get("stringData")).items()
    return {**found, **{key: value for key, value in strings if isinstance(value, str)}}


def field_of(document: Mapping[str, Any], key: str) -> tuple[str, str]:
    """The path of a key: in ``stringData`` where it stands there, else in ``data``."""
    return ("stringData" if key in record(document.get("stringData")) else "data", key)
