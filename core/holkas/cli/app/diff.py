"""``holkas app diff``: what a change makes of Applications, before it is merged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from holkas.cli.app import App
from holkas.cli.app.render import renderer_of
from holkas.cli.errors import FAILED, OK, USAGE, CommandError

if TYPE_CHECKING:
    from holkas.cli.app.rendered_difference import ApplicationDifference


@click.command(name="diff", short_help="Compare revisions of Applications, or what is live.")
@click.argument("names", nargs=-1, metavar="[NAME …]")
@click.option("--all", "everything", is_flag=True, help="Every Application of the repository.")
@click.option("--base", default="", metavar="REV", help="The commit, branch or tag to compare with.")
@click.option(
    "--revision", default="", metavar="REV", help="What is compared; the files as they lie there without it."
)
@click.option(
    "--to", default="", metavar="REV", help="Compare --revision with this one, which comes after it."
)
@click.option(
    "--target",
    default="",
    metavar="NAME",
    help="Compare with what is live there; the default without --base and --to.",
)
@click.option(
    "-o",
    "--output",
    "form",
    type=click.Choice(("text", "markdown", "json", "name")),
    default="text",
    help="What to print; markdown is for the comment of a pull request.",
)
@click.pass_obj
def command(
    app: App,
    names: tuple[str, ...],
    everything: bool,
    base: str,
    revision: str,
    to: str,
    target: str,
    form: str,
) -> int:
    """Print what differs between two revisions of this repository's Applications, or between one and what is live.

    `--base main` compares with main, `--revision A --to B` two revisions, and without either the live target is
    compared with the files as they lie there, or with --revision.

    What is the same on both sides is not rendered twice, and not even read. Values of Secrets are hidden.

    Exit code: 0 nothing differs, 1 something differs, 2 wrong usage, or an Application cannot be rendered.
    """
    if everything == bool(names):
        raise CommandError("give names of Applications, or --all")
    if to:
        if base or target or not revision:
            raise CommandError("--to goes with --revision alone: --revision A --to B")
        base, revision = revision, to
    if base and target:
        raise CommandError("give --base or --target, not both")
    if base:
        return _print(_between(app, names, base, revision), form, f"`{base}`")
    return _print(_live(app, names, revision, target), form, "what is live")


def _live(app: App, names: tuple[str, ...], revision: str, target: str) -> list[ApplicationDifference]:
    from holkas.cli.app.live_difference import live_differences
    from holkas.cli.app.session import session
    from holkas.cli.app.telling import teller
    from holkas.gitops.diff import IgnoreRuleError

    if not target and not app.config.text("app.target"):
        raise CommandError(
            "nothing to compare with", hint="give --base REV, --revision A --to B, or --target NAME"
        )
    local = not revision and not app.config.text("app.repository")
    with session(app, target=target, revision=revision, local=local, recording=False, told=teller()) as view:
        units = view.chosen(names)
        if broken := [one for unit in units for one in unit.declared.desired.conditions]:
            raise CommandError(f"not every Application can be rendered: {broken[0][1]}", exit_code=USAGE)
        try:
            return list(live_differences(units))
        except IgnoreRuleError as error:
            raise CommandError(str(error), exit_code=USAGE) from error


def _between(app: App, names: tuple[str, ...], base: str, revision: str) -> list[ApplicationDifference]:
    from holkas.cli.app.rendered_difference import differences
    from holkas.extensions.renderer import RenderOptions
    from holkas.extensions.source_fetcher import SourceRefused

    renderer = renderer_of(app)
    try:
        sides = [list(renderer.render_project(RenderOptions(revision=one))) for one in (base, revision)]
    except SourceRefused as error:
        raise CommandError(str(error), hint=error.hint) from error
    finally:
        renderer.close()
    known = {one.name for side in sides for one in side}
    if unknown := [name for name in names if name not in known]:
        raise CommandError(f"there is no Application {', '.join(unknown)} in this repository")
    if names:
        sides = [[one for one in side if one.name in names] for side in sides]
    broken = [finding for one in sides[1] if one.failed for finding in one.findings]
    if broken:
        raise CommandError("not every Application can be rendered", findings=broken, exit_code=USAGE)
    before = [one for one in sides[0] if not one.failed]
    return list(differences(before, sides[1]))


def _print(found: list[ApplicationDifference], form: str, base: str) -> int:
    from holkas.cli.app.rendered_difference import as_json, as_markdown, as_text

    if form == "json":
        click.echo(json.dumps(as_json(found), indent=2, ensure_ascii=False))
    elif form == "markdown":
        click.echo(as_markdown(found, base), nl=False)
    elif form == "name":
        for one in found:
            click.echo(one.name)
    elif found:
        click.echo(as_text(found), nl=False)
    return FAILED if found else OK
