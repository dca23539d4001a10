"""``holkas app delete``: the resources of an Application that is no longer declared go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from holkas.cli.app import App
from holkas.cli.app.session import target_option, timeout_option
from holkas.cli.delivery.session import as_option
from holkas.cli.errors import FAILED, CommandError

if TYPE_CHECKING:
    from holkas.cli.app.session import Session
    from holkas.reconciler.managed import Managed
    from holkas.reconciler.operation import Operation
    from holkas.reconciler.unit import Unit


@click.command(name="delete", short_help="Delete the resources of an Application.")
@click.argument("name")
@target_option
@click.option(
    "--propagation-policy",
    "propagation",
    type=click.Choice(("foreground", "background")),
    default=None,
    help="What becomes of dependants; as the Application's finalizer says without it.",
)
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@timeout_option
@click.option("--quiet", is_flag=True, help="No progress on standard error.")
@as_option
@click.pass_obj
def command(
    app: App,
    name: str,
    target: str,
    propagation: str | None,
    yes: bool,
    timeout: float,
    quiet: bool,
    who: str | None,
) -> int:
    """Delete what an Application has in the target: its PreDelete hooks run, then its resources go, wave by wave.

    For one that was taken out of the repository, or that is not synced automatically. Resources that say
    `Delete=false` stay, and so do custom resource definitions. A deletion that waits for somebody to confirm it, because
    a resource says `Delete=confirm`, goes on.

    Exit code: 0 everything is gone, 1 something would not go, 2 wrong usage, 124 the time was over.
    """
    from holkas.cli.app.session import session
    from holkas.cli.app.syncing import Syncing, exit_code_of
    from holkas.cli.app.telling import teller
    from holkas.cli.delivery.session import somebody

    with session(app, target=target, needs_target=True, told=teller(quiet=quiet)) as view:
        unit = _unit(view, name)
        unit.view.refresh()
        count = len(unit.view.owned(unit.name))
        if not yes:
            click.confirm(f"delete {unit.name} with {count} resources?", abort=True, err=True)
        person = somebody(app, who).name
        going = unit.book.operation
        if going is not None and going.delete and not going.options.prune_confirmed:
            unit.book.confirm()

        def make(unit: Unit) -> tuple[Operation, Managed]:
            return unit.deletion(person, propagation or "", confirmed=True), unit.managed()

        ended = Syncing(timeout).run([[unit]], make)
        for one in ended:
            click.echo(f"{unit.name}: {one.message}")
    return exit_code_of(ended)


def _unit(view: Session, name: str) -> Unit:
    """The Application, as declared or as it was at its last sync. Raises CommandError."""
    from holkas.cli.app.session import recorded_name

    known = view.units.get(recorded_name(name))
    if known is not None:
        if known.declared.application.policy.is_automatic:
            raise CommandError(
                f"{known.name} is declared and synced automatically: it would come back",
                hint="take it out of the repository first",
                exit_code=FAILED,
            )
        return known
    kept = view.reconciler.kept(recorded_name(name))
    if kept is None:
        raise CommandError(f"nothing is known of an Application {name}", hint="`holkas app list` shows them")
    return kept
