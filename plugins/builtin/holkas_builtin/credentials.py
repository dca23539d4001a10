"""The setting that says where a password or token is needed: the same for everything that asks servers."""

from __future__ import annotations

from typing import Any


def credentials_schema(url: str) -> dict[str, Any]:
    """The JSON Schema of ``credentials``. url: what the ``url`` of one of them is."""
    return {
        "type": "array",
        "description": "Where a password or token is needed, and which environment variable holds it.",
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": ["url", "variable"],
            "properties": {
                "url": {"type": "string", "description": url},
                "username": {"type": "string"},
                "variable": {"type": "string", "description": "Name of the environment variable."},
            },
        },
    }
