"""The codes of findings about YAML itself."""

from __future__ import annotations

from holkas.model.code import CodeDoc

CODES: dict[str, CodeDoc] = {}
