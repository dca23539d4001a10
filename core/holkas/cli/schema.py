"""``holkas schema``: JSON Schemas, of holkas.yaml and of the kinds that importers know."""

from __future__ import annotations

import json
from difflib import get_close_matches

import click

from holkas.cli.app import App
from holkas.cli.errors import CommandError

TASK_TESTS = "TaskTests"
"""The files of ``holkas test``."""


@click.command(name="schema", short_help="Print the JSON Schema of holkas.yaml or of a kind.")
@click.argument("kind", required=False)
@click.option("--api-version", metavar="VERSION", default="", help="Of the kind.  [default: the newest]")
@click.option("--list", "listed", is_flag=True, help="List the kinds and their versions.")
@click.pass_obj
def command(app: App, kind: str | None, api_version: str, listed: bool) -> int:
    """Print the schema of holkas.yaml, made from the live plugins, or of a KIND of manifest.

    Point an editor at it: `holkas schema Pipeline > .schemas/pipeline.json`.
    """
    if listed:
        for name, versions in sorted(_kinds(app).items()):
            click.echo(f"{name}\t{', '.join(versions)}")
        return 0
    if kind is None:
        from holkas.config.json_schema import config_schema

        click.echo(json.dumps(config_schema(app.manager), indent=2))
        return 0
    if kind == TASK_TESTS:
        from holkas.task_tests.schema import SCHEMA

        click.echo(json.dumps(SCHEMA, indent=2, ensure_ascii=False))
        return 0
    for provider in app.manager.providers("importers"):
        importer = app.manager.make("importers", provider.name)
        schema = importer.schema(kind, api_version)
        if schema is not None:
            click.echo(json.dumps(schema, indent=2, ensure_ascii=False))
            return 0
    raise _unknown(app, kind, api_version)


def _kinds(app: App) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {TASK_TESTS: ("v1",)}
    for provider in app.manager.providers("importers"):
        for name, versions in app.manager.make("importers", provider.name).kinds().items():
            found.setdefault(name, tuple(versions))
    return found


def _unknown(app: App, kind: str, api_version: str) -> CommandError:
    kinds = _kinds(app)
    if kind in kinds:
        return CommandError(
            f"{kind} does not exist in {api_version}", hint=f"it does in {', '.join(kinds[kind])}"
        )
    close = get_close_matches(kind, kinds, 1, 0.5)
    hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(sorted(kinds))}"
    return CommandError(f"nothing knows the kind {kind}", hint=hint)
