"""``holkas plugins``: what is installed, what it offers, and whether it works; a new one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from holkas.cli import plugins_new, plugins_verify
from holkas.cli.render.printable import printable
from holkas.cli.render.table import OUTPUTS, emit, emit_one, table

if TYPE_CHECKING:
    from holkas.cli.app import App


@click.group("plugins", short_help="List plugins, tell about one, verify one, begin one.")
def command() -> None:
    """List the installed plugins, tell about one, verify one, begin a new one.

    HOLKAS_DISABLED_PLUGINS names plugins that are left out, HOLKAS_LOAD_PLUGINS the only ones that are
    loaded (names of entry points or distributions, with commas); HOLKAS_TRACE_PLUGINS=1 tells what is
    imported and how long it takes.
    """


command.add_command(plugins_new.command)
command.add_command(plugins_verify.command)


@command.command("list")
@click.option("-o", "--output", type=click.Choice(OUTPUTS), default="table", help="Form of the list.")
@click.pass_obj
def list_plugins(app: App, output: str) -> None:
    """List the installed plugins and what they offer."""
    from holkas.plugins.report import describe

    emit(
        describe(app.manager),
        [
            ("plugin", lambda item: item["name"]),
            ("version", lambda item: item["version"] or "-"),
            ("distribution", lambda item: item["distribution"]),
            ("offers", _offers),
            ("state", lambda item: item["state"]),
        ],
        output,
        kind="PluginList",
    )
    _tell_problems(app)


@command.command("info")
@click.argument("name")
@click.option("-o", "--output", type=click.Choice(OUTPUTS), default="table", help="Form of the answer.")
@click.pass_obj
def info(app: App, name: str, output: str) -> None:
    """Tell all about a plugin; NAME is its own, its distribution's, or that of something it offers."""
    from holkas.plugins.report import find

    found = find(app.manager, name)
    if len(found) == 1:
        emit_one(found[0], output, kind="Plugin", text=_text)
    elif output == "table":
        click.echo("\n\n".join(_text(item) for item in found))
    else:
        emit(found, [], output, kind="PluginList")


def _offers(item: Mapping[str, Any]) -> str:
    """``executors: process, sandbox; checks: space``."""
    by_hook: dict[str, list[str]] = {}
    for provider in item["providers"]:
        by_hook.setdefault(provider["hook"], []).append(provider["name"])
    return "; ".join(f"{hook}: {', '.join(names)}" for hook, names in by_hook.items()) or "-"


def _text(item: Mapping[str, Any]) -> str:
    lines = [f"{title + ':':14}{item[key]}" for title, key in _FIELDS if item[key]]
    rows = [
        (one["hook"], one["name"], ", ".join(one["capabilities"]) or "-", one["summary"])
        for one in item["providers"]
    ]
    if rows:
        lines += ["", table(("hook", "name", "capabilities", "summary"), rows)]
    options = [(one["name"], *row) for one in item["providers"] for row in _options(one["optionsSchema"])]
    if options:
        lines += ["", table(("provider", "option", "type", "meaning"), options)]
    for problem in item["problems"]:
        lines += ["", f"problem[{problem['code']}]: {problem['message']}"]
        if problem["hint"]:
            lines.append(f"  = hint: {problem['hint']}")
    # What a plugin says of itself reaches the terminal without its control characters.
    return "\n".join(printable(part) for line in lines for part in line.split("\n"))


_FIELDS = (
    ("plugin", "name"),
    ("version", "version"),
    ("distribution", "distribution"),
    ("module", "module"),
    ("state", "state"),
    ("disabled by", "disabledBy"),
)


def _options(schema: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Name, type and description of each setting on the top level of a schema."""
    properties = schema.get("properties")
    if not isinstance(properties, Mapping):
        return []
    required = schema.get("required") or ()
    return [
        (
            name + (" (required)" if name in required else ""),
            str(fields.get("type", "-")) if isinstance(fields, Mapping) else "-",
            str(fields.get("description", "")) if isinstance(fields, Mapping) else "",
        )
        for name, fields in properties.items()
    ]


def _tell_problems(app: App) -> None:
    """What is wrong, on standard error, so that the list on standard output stays a list."""
    from holkas.cli.render.problems import render_problems

    if text := render_problems(app.manager.problems, app.verbose):
        click.echo(text, err=True)
