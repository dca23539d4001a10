"""What ``approve`` and ``reject`` have in common: somebody decides at a gate, and the delivery goes on from there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from holkas.cli.app import App
from holkas.cli.delivery.session import as_option, deliveries, ended, somebody
from holkas.cli.render.progress import MODES

if TYPE_CHECKING:
    from holkas.delivery_engine.project import ProjectDeliveries, Who

Decision = Callable[["ProjectDeliveries", str, "Who", int, str], int]
"""Project, environment, who, number of the delivery (0 for the one that waits), comment → its number."""


def decision(name: str, what: str, decide: Decision) -> click.Command:
    """The command of a decision. what: a sentence about it."""

    @click.command(
        name=name,
        short_help=what,
        help=f"{what}\n\nWhoever may not is refused, and that is recorded. Exit codes as of ``holkas deliver``.",
    )
    @click.argument("environment", metavar="ENV")
    @click.option(
        "-d", "--delivery", "number", type=click.IntRange(1), help="Which one; the one that waits by default."
    )
    @click.option("-m", "--comment", default="", metavar="TEXT", help="Why, for the records.")
    @click.option(
        "--progress", type=click.Choice(MODES), default=None, help="How progress is shown on stderr."
    )
    @as_option
    @click.pass_obj
    def command(
        app: App, environment: str, number: int | None, comment: str, progress: str | None, who: str | None
    ) -> int:
        with deliveries(app, progress or "") as project:
            return _decided(
                project, lambda: decide(project, environment, somebody(app, who), number or 0, comment)
            )

    return command


def _decided(project: ProjectDeliveries, decide: Callable[[], int]) -> int:
    """Record the decision, also a refused one, tell it, go on with the delivery; the exit code of that."""
    from holkas.delivery_engine.recorder import load

    try:
        found = decide()
    finally:
        project.tell()
    waits = project.drive(found)
    return ended(load(project.ledger, project.definition.name, found), waits)
