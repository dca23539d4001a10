"""Glue: the notifiers ``smtp``, ``webhook`` and ``file``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from holkas.plugins import hookimpl
from holkas.plugins.provider import Context, Provider

if TYPE_CHECKING:
    from holkas.extensions.notifier import Notifier

_TIMEOUT = {"type": "number", "exclusiveMinimum": 0, "maximum": 600, "description": "Seconds; 20 without it."}

SMTP_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["host", "sender"],
    "properties": {
        "host": {"type": "string", "minLength": 1, "description": "The mail server."},
        "port": {
            "type": "integer",
            "minimum": 1,
            "maximum": 65535,
            "description": "465, 587 or 25 without it.",
        },
        "tls": {
            "enum": ["starttls", "implicit", "none"],
            "description": "How the connection is encrypted; starttls without it. In clear only where it says none.",
        },
        "ca-file": {"type": "string", "description": "Certificates to trust instead of the system's."},
        "username": {"type": "string", "description": "For servers that ask for a login."},
        "password-variable": {"type": "string", "description": "Environment variable with the password."},
        "sender": {"type": "string", "minLength": 3, "description": "Address that mails are from."},
        "recipients": {
            "type": "array",
            "items": {"type": "string", "minLength": 3},
            "description": "Addresses that get every notice besides those whom it concerns.",
        },
        "timeout": _TIMEOUT,
    },
}

WEBHOOK_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["url"],
    "properties": {
        "url": {"type": "string", "pattern": "^https?://", "description": "Where each notice is posted."},
        "secret-variable": {
            "type": "string",
            "description": "Environment variable with the secret that requests are signed with.",
        },
        "timeout": _TIMEOUT,
    },
}

FILE_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "file": {
            "type": "string",
            "minLength": 1,
            "description": "The file, relative to the project; notices.jsonl below the state without it.",
        }
    },
}


def _smtp(context: Context) -> Notifier:
    from holkas_builtin.notifiers.smtp import SmtpNotifier

    return SmtpNotifier(context.options)


def _webhook(context: Context) -> Notifier:
    from holkas_builtin.notifiers.webhook import WebhookNotifier

    return WebhookNotifier(context.options)


def _file(context: Context) -> Notifier:
    from holkas_builtin.notifiers.file import FileNotifier

    return FileNotifier(context.place("file", "notices.jsonl"))


@hookimpl
def holkas_notifiers() -> Iterable[Provider[Notifier]]:
    """E-mail, a webhook, a file."""
    yield Provider(
        name="smtp", summary="E-mail through a mail server.", make=_smtp, options_schema=SMTP_SCHEMA
    )
    yield Provider(
        name="webhook",
        summary="A signed POST of JSON to a URL.",
        make=_webhook,
        options_schema=WEBHOOK_SCHEMA,
    )
    yield Provider(name="file", summary="A line of JSON in a file.", make=_file, options_schema=FILE_SCHEMA)
