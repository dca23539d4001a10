"""``holkas run --fidelity``: what would become of each field, without running anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from holkas.cli.errors import OK, CommandError

if TYPE_CHECKING:
    from holkas.cli.app import App
    from holkas.cli.run_again import Read
    from holkas.model.run_request import RunRequest


def show_fidelity(app: App, read: Read, requests: Sequence[RunRequest], output: str) -> int:
    """Print the report for the files' fields; which executor it is about goes to standard error."""
    from holkas.cli.render.fidelity import emit_fidelity
    from holkas.model.fidelity import verdicts
    from holkas.roles.errors import Unsupported

    if not requests:
        raise CommandError("the files hold nothing that can be run")
    server = app.manager.make("build_servers", app.config.text("run.server") or "local")
    try:
        note, table = server.fidelity(requests[0])
    except Unsupported as error:
        raise CommandError(str(error)) from None
    finally:
        server.close()
    note = note.removeprefix("warning: ")
    click.echo(f"note: {note}", err=True)
    found = list(verdicts(read.importer.field_uses(read.documents), table))
    emit_fidelity(found, output, executor=note.removeprefix("executor: "))
    return OK
