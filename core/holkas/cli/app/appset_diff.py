"""``holkas appset diff``: what would become of Applications that are there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from holkas.cli.app import App
from holkas.cli.app.appset_inputs import generated, set_options
from holkas.cli.errors import FAILED, OK

if TYPE_CHECKING:
    from holkas.extensions.application_set import ApplicationChange


@click.command(name="diff", short_help="Show what would become of Applications that are there.")
@click.argument("files", nargs=-1, required=True, metavar="FILE|DIR|- …")
@click.option(
    "--live",
    multiple=True,
    required=True,
    metavar="FILE|DIR",
    help="The Applications that are there, as manifests.",
)
@set_options
@click.pass_obj
def command(
    app: App,
    files: tuple[str, ...],
    live: tuple[str, ...],
    repositories: tuple[str, ...],
    allow_network: bool,
    old_globbing: bool,
) -> int:
    """Compare what the ApplicationSets in FILE make with Applications that are there.

    Preserved fields, ignored differences and what applicationsSync allows are taken into account. Of the Applications
    in --live, those that a set owns are compared with it; without owners, all of them are.

    Exit code: 0 no difference, 1 differences, 2 wrong usage or an error.
    """
    from holkas.cli.errors import USAGE, CommandError
    from holkas.cli.sources import read_documents, read_sources

    try:
        sets, made = generated(app, files, repositories, network=allow_network, old_globbing=old_globbing)
    except CommandError as error:
        error.exit_code = USAGE
        raise
    known = [
        document.value
        for document in read_documents(read_sources(live))
        if isinstance(document.value, Mapping) and document.value.get("kind") == "Application"
    ]
    changed = False
    for one in made:
        owned = [application for application in known if _owner(application) in ("", one.name)]
        for change in sets.changes(one, owned):
            if change.act != "none":
                changed = True
                _show(change)
    return FAILED if changed else OK


def _owner(application: Mapping[str, Any]) -> str:
    owners = (application.get("metadata") or {}).get("ownerReferences") or ()
    return next((str(one.get("name", "")) for one in owners if one.get("kind") == "ApplicationSet"), "")


def _show(change: ApplicationChange) -> None:
    from difflib import unified_diff

    from holkas.cli.render.printable import printable

    before, after = (_text(one).splitlines(keepends=True) for one in (change.before, change.after))
    said = {"keep": "would change, but the set is not allowed to"}.get(change.act, change.act)
    click.echo(f"===== {printable(change.name)}: {said} =====")
    for line in unified_diff(before, after, fromfile="live", tofile="generated"):
        click.echo(printable(line.rstrip("\n")))


def _text(application: Mapping[str, Any] | None) -> str:
    """What a set decides about an Application."""
    from holkas.yaml import dump

    if application is None:
        return ""
    shown = {key: value for key, value in application.items() if key != "status"}
    metadata = dict(shown.get("metadata") or {})
    decided = ("name", "namespace", "labels", "annotations", "finalizers")
    shown["metadata"] = {key: metadata[key] for key in decided if key in metadata}
    return dump(shown)
