"""``holkas app diff``: what a change makes of Applications, before it is merged."""

from __future__ import annotations

import json

import click

from holkas.cli.app import App
from holkas.cli.app.render import renderer_of
from holkas.cli.errors import FAILED, OK, USAGE, CommandError


@click.command(name="diff", short_help="Compare what two revisions make of Applications.")
@click.argument("names", nargs=-1, metavar="[NAME …]")
@click.option("--all", "everything", is_flag=True, help="Every Application of the repository.")
@click.option("--base", required=True, metavar="REV", help="The commit, branch or tag to compare with.")
@click.option(
    "--revision", default="", metavar="REV", help="What is compared; the files as they lie there without it."
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
def command(app: App, names: tuple[str, ...], everything: bool, base: str, revision: str, form: str) -> int:
    """Render the Applications of this repository at two revisions and print what differs.

    What is the same on both sides is not rendered twice, and not even read. Values of Secrets are hidden.

    Exit code: 0 nothing differs, 1 something differs, 2 wrong usage, or an Application cannot be rendered.
    """
    from holkas.cli.app.rendered_difference import as_json, as_markdown, as_text, differences
    from holkas.extensions.renderer import RenderOptions
    from holkas.extensions.source_fetcher import SourceRefused

    if everything == bool(names):
        raise CommandError("give names of Applications, or --all")
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
    found = list(differences(before, sides[1]))
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
