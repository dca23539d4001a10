"""``holkas app rollback``: back to an earlier state, which automatic syncs leave alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from holkas.cli.app import App
from holkas.cli.app.session import target_option, timeout_option
from holkas.cli.delivery.session import as_option
from holkas.cli.errors import CommandError

if TYPE_CHECKING:
    from holkas.reconciler.managed import Managed
    from holkas.reconciler.operation import Operation
    from holkas.reconciler.unit import Unit


@click.command(name="rollback", short_help="Go back to an earlier state of an Application.")
@click.argument("name")
@click.argument("number", type=int, required=False, metavar="[ID]")
@target_option
@click.option("--prune", is_flag=True, help="Delete resources that were not desired then.")
@click.option("--until-released", is_flag=True, help="Keep it there until somebody syncs by hand.")
@click.option("--reason", default="", metavar="TEXT", help="Why, for the records.")
@timeout_option
@click.option(
    "-o",
    "--output",
    type=click.Choice(("table", "json", "yaml", "name")),
    default="table",
    help="Form of the outcome.",
)
@click.option("--quiet", is_flag=True, help="No progress on standard error.")
@as_option
@click.pass_obj
def command(
    app: App,
    name: str,
    number: int | None,
    target: str,
    prune: bool,
    until_released: bool,
    reason: str,
    timeout: float,
    output: str,
    quiet: bool,
    who: str | None,
) -> int:
    """Bring an Application back to entry ID of its history, or to the one before the newest.

    The resources are those of then, as they were kept: no repository is needed. `holkas app watch` leaves the
    Application there until something else is desired than what was rolled back from, or until somebody syncs it.

    Exit code: 0 done, 1 failed, 2 wrong usage, 124 the time was over.
    """
    from holkas.cli.app.session import session
    from holkas.cli.app.sync import show
    from holkas.cli.app.syncing import Syncing, exit_code_of
    from holkas.cli.app.telling import teller
    from holkas.cli.delivery.session import somebody
    from holkas.gitops.history import find

    with session(app, target=target, needs_target=True, told=teller(quiet=quiet)) as view:
        unit = view.one(name)
        entry = find(unit.book.history, number)
        if entry is None:
            known = ", ".join(str(one.id) for one in unit.book.history) or "nothing"
            raise CommandError(f"{unit.name} has nothing like that in its history", hint=f"there is {known}")
        person = somebody(app, who).name

        def make(unit: Unit) -> tuple[Operation, Managed]:
            managed = unit.hold(entry.id, lasting=until_released, reason=reason)
            if managed.desired.conditions:
                unit.release("there is nothing to go back to")
                raise CommandError(f"what {unit.name} was at {entry.id} is no longer kept")
            options = managed.options(prune=prune or managed.application.policy.prunes)
            return unit.request(managed, options, by=person, rollback=True), managed

        ended = Syncing(timeout).run([[unit]], make)
        show(ended, output)
    return exit_code_of(ended)
