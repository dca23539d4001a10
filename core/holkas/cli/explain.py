"""``holkas explain``: what an error code means and what to do."""

from __future__ import annotations

from difflib import get_close_matches
from textwrap import indent

import click

from holkas.cli.app import App
from holkas.cli.errors import CommandError


@click.command(name="explain", short_help="Explain an error code.")
@click.argument("code")
@click.pass_obj
def command(app: App, code: str) -> int:
    """Explain CODE, as it stands in an error: ``holkas explain T107``."""
    codes = app.manager.codes()
    doc = codes.get(code.upper())
    if doc is None:
        close = get_close_matches(code.upper(), codes, 3)
        raise CommandError(f"there is no code {code}", hint=f"close: {', '.join(close)}" if close else "")
    click.echo(f"{code.upper()}: {doc.title}\n\n{doc.text}")
    for title, text in (("Found in", doc.example), ("Not found in", doc.near_miss)):
        if text:
            click.echo(f"\n{title}:\n\n{indent(text, '    ')}")
    return 0
