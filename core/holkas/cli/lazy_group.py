"""Groups of commands that are imported when they are called, and not for a list of their names."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

Table = Mapping[str, tuple[str, str]]
"""Name → (module under holkas.cli whose ``command`` it is, one line of help), in the order of the help."""


class LazyGroup(click.Group):
    """Commands of a table by name; the module behind one is imported when it is called."""

    def __init__(self, *words: Any, table: Table, **more: Any) -> None:
        super().__init__(*words, **more)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the table; commands of plugins are found when they are called."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        entry = self.table.get(cmd_name)
        if entry is None:
            return None
        found = import_module(f"holkas.cli.{entry[0]}").command
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table's own lines, so that no command has to be imported for them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in self.table.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's, with a close match in the error."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            close = get_close_matches(args[0], self.table, 1)
            if close:
                raise click.UsageError(f"{error.message} Did you mean {close[0]!r}?", ctx) from error
            raise
