"""What this plugin offers. Imported whenever holkas needs any plugin, so it imports nothing heavy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from holkas.plugins import Context, Provider, hookimpl

if TYPE_CHECKING:
    from holkas.extensions.notifier import Notifier

OPTIONS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "url-variables": {
            "type": "array",
            "items": {"type": "string", "minLength": 1},
            "description": "Environment variables with addresses of services, apart by spaces.",
        },
        "urls": {
            "type": "array",
            "items": {"type": "string", "minLength": 1},
            "description": "Addresses of services that hold no secret.",
        },
    },
}


def _make(context: Context) -> Notifier:
    from holkas_apprise.notifier import AppriseNotifier

    return AppriseNotifier(context.options)


@hookimpl
def holkas_notifiers() -> Iterator[Provider[Notifier]]:
    """Chat services."""
    yield Provider(
        name="apprise",
        summary="Messages in chats and on phones, through apprise.",
        make=_make,
        options_schema=OPTIONS,
    )
