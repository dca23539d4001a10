"""``holkas reject``."""

from __future__ import annotations

import click

from holkas.cli.app import App
from holkas.cli.delivery.deciding import decide, decision_options


@click.command(name="reject", short_help="Stop a delivery before the gate of an environment.")
@decision_options
def command(
    app: App, environment: str, number: int | None, comment: str, progress: str | None, who: str | None
) -> int:
    """Stop a delivery before the gate of an environment.

    Whoever may not is refused, and that is recorded. Exit codes as of ``holkas deliver``.
    """
    return decide(
        app,
        lambda project, place, by, which, why: project.reject(place, by, number=which, comment=why),
        environment,
        number,
        comment,
        progress,
        who,
    )
