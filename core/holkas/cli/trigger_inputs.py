"""What ``holkas trigger`` and ``holkas listen`` are given: headers, secrets, and files with triggers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from holkas.cli.errors import FAILED, CommandError

if TYPE_CHECKING:
    from holkas.cli.app import App
    from holkas.extensions.importer import Importer
    from holkas.extensions.trigger import EventReceiver
    from holkas.model.secret import Secret
    from holkas.yaml import Document, Source

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def parse_headers(words: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """``Name: value`` as curl spells it. Raises CommandError."""
    headers = []
    for word in words:
        name, separator, value = word.partition(":")
        if not separator or not _HEADER_NAME.fullmatch(name):
            raise CommandError(
                f"--header {word!r} is not NAME: VALUE", hint="--header 'X-GitHub-Event: push'"
            )
        if _CONTROLS.search(value):
            raise CommandError(f"--header {name}: the value has control characters")
        headers.append((name, value.strip(" \t")))
    return tuple(headers)


def parse_secrets(words: Sequence[str], environ: Mapping[str, str]) -> dict[tuple[str, str], Secret]:
    """``NAME/KEY=env:VARIABLE`` or ``NAME/KEY=file:PATH``; a value itself would stay in the shell's history.

    Raises CommandError, which shows no value.
    """
    from holkas.model.secret import Secret

    secrets = {}
    for word in words:
        target, _, source = word.partition("=")
        name, _, key = target.partition("/")
        kind, _, where = source.partition(":")
        if not name or not key or kind not in ("env", "file") or not where:
            shown = target if "=" in word else "…"
            raise CommandError(
                f"--secret {shown} is not NAME/KEY=env:VARIABLE",
                hint="--secret webhook/token=env:WEBHOOK_TOKEN",
            )
        secrets[name, key] = Secret(_secret(target, kind, where, environ))
    return secrets


def _secret(target: str, kind: str, where: str, environ: Mapping[str, str]) -> bytes:
    if kind == "env":
        if where not in environ:
            raise CommandError(f"--secret {target}: the environment has no variable {where}")
        return environ[where].encode("utf-8", "surrogateescape")
    try:
        return Path(where).read_bytes().removesuffix(b"\n")
    except OSError as error:
        raise CommandError(f"--secret {target}: {where}: {error.strerror}") from error


def read_receiver(
    app: App,
    sources: Sequence[Source],
    documents: Sequence[Document],
    secrets: Mapping[tuple[str, str], Secret],
) -> tuple[Importer, EventReceiver]:
    """The receiver of the first importer that has triggers and knows one of the documents; warnings are shown.

    Raises CommandError for documents with errors.
    """
    for provider in app.manager.providers("importers"):
        importer: Importer = app.manager.make("importers", provider.name)
        reader = importer.triggers()
        known = (isinstance(one.value, dict) and importer.recognises(one.value) for one in documents)
        if reader is not None and any(known):
            receiver = reader.read(documents, secrets)
            judge(receiver, sources)
            return importer, receiver
    raise CommandError(
        "nothing here takes events",
        hint="an EventListener or a Trigger is wanted (apiVersion: triggers.tekton.dev/v1beta1)",
        exit_code=FAILED,
    )


def judge(receiver: EventReceiver, sources: Sequence[Source]) -> None:
    """Show the warnings. Raises CommandError where there are errors."""
    from holkas.model.finding import Severity

    errors = [finding for finding in receiver.findings if finding.severity is Severity.ERROR]
    if errors:
        count = f"{len(errors)} error{'s' if len(errors) > 1 else ''}"
        raise CommandError(f"no event is taken: {count}", exit_code=FAILED, findings=errors, sources=sources)
    if receiver.findings:
        import click

        from holkas.cli.render.findings import render_text

        click.echo(render_text(receiver.findings, sources=sources), err=True)
