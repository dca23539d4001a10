"""``holkas doctor``: what works on this machine and what does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from holkas.cli.render.printable import printable
from holkas.cli.render.table import OUTPUTS, emit

if TYPE_CHECKING:
    from holkas.cli.app import App
    from holkas.extensions.check import CheckResult


@click.command("doctor", short_help="Say what works on this machine and what does not.")
@click.option("-o", "--output", type=click.Choice(OUTPUTS), default="table", help="Form of the report.")
@click.pass_obj
def command(app: App, output: str) -> int:
    """Say what works on this machine and what does not.

    Looks at Python, the system, git, the state directory, the executors and the plugins; plugins add their
    own checks. Changes nothing. Exit code 1 when something fails that holkas cannot do without.
    """
    from holkas.cli.doctor_checks import all_checks
    from holkas.extensions.check import CheckStatus

    results = list(all_checks(app))
    if output == "table":
        click.echo(_text(results, app.verbose))
    else:
        items = [
            {
                "name": result.name,
                "status": result.status.value,
                "message": result.message,
                "hint": result.hint,
                "essential": result.essential,
            }
            for result in results
        ]
        emit(items, [], output, kind="DoctorReport")
    return int(any(result.essential and result.status is CheckStatus.FAILED for result in results))


def _text(results: Sequence[CheckResult], verbose: int) -> str:
    name_width = max(len(result.name) for result in results)
    lines = []
    for result in results:
        lines.append(
            f"{result.status.value:7}  {printable(result.name):{name_width}}  {printable(result.message)}"
        )
        if result.hint:
            lines.append(f"{'':7}  {'':{name_width}}  = hint: {printable(result.hint)}")
        if result.details and verbose > 1:
            lines += [f"{'':7}  | {printable(line)}" for line in result.details.rstrip().split("\n")]
    return "\n".join(lines)
