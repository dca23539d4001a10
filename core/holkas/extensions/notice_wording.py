"""A notice as text and as JSON: what channels have in common."""

from __future__ import annotations

import shlex
from typing import Any

from holkas.model.notice import Notice


def as_text(notice: Notice) -> str:
    """What a person reads: the text, how to see it again, where there is more."""
    parts = [notice.text.rstrip()] if notice.text.strip() else []
    if notice.command:
        parts.append(f"To reproduce it:\n\n    {shlex.join(notice.command)}")
    if notice.url:
        parts.append(notice.url)
    return "\n\n".join(parts or [notice.subject]) + "\n"


def as_json(notice: Notice) -> dict[str, Any]:
    """All fields, by the names that they have in the model."""
    return {
        "id": notice.id,
        "kind": str(notice.kind),
        "subject": notice.subject,
        "text": notice.text,
        "environment": notice.environment,
        "recipients": [{"name": one.name, "email": one.email} for one in notice.recipients],
        "command": list(notice.command),
        "url": notice.url,
    }
