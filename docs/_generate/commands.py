"""docs/reference/commands.md, from the click commands."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module

import click
from holkas.cli import errors
from holkas.cli.main import COMMANDS, cli

from docs._generate.markdown import code, made, plain, table

EXIT_CODES = (
    (errors.OK, "done; the run succeeded, no findings"),
    (errors.FAILED, "the run failed, or there are findings"),
    (errors.USAGE, "a command, a file or the configuration that cannot be used"),
    (errors.WAITING, "waiting at a gate (kept for deliveries)"),
    (errors.AUTHENTICATION, "a server refused the credentials"),
    (errors.LOSSY, "something would be lost, under `--strict` (kept for conversions)"),
    (errors.TIMEOUT, "the run's time was over"),
    (errors.INTERRUPTED, "interrupted or cancelled"),
)


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command with its whole name, groups before what is in them."""
    for name, (module, _) in COMMANDS.items():
        yield from _below(f"holkas {name}", import_module(f"holkas.cli.{module}").command)


def _below(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for child in sorted(command.list_commands(context)):
            found = command.get_command(context, child)
            assert found is not None
            yield from _below(f"{name} {child}", found)


def options(command: click.Command) -> list[click.Option]:
    """The options of a command that a user can give."""
    return [param for param in command.params if isinstance(param, click.Option) and not param.hidden]


def page() -> str:
    """The whole page."""
    parts = [made("the command's own help"), "# Commands\n"]
    parts.append(
        "Data goes to standard output, progress and errors to standard error. Every command has `-h`. "
        "Commands of plugins come after these; `holkas plugins list` names them.\n"
    )
    parts.append(table(("command", "what it does"), _summaries()))
    parts += ["## Options of every command\n", "Given before the command: `holkas -v run …`.\n"]
    parts.append(table(("option", "value", "default", "meaning"), map(_row, options(cli))))
    parts += [
        "## Exit codes\n",
        table(("code", "meaning"), [(str(number), text) for number, text in EXIT_CODES]),
    ]
    for name, command in commands():
        parts += _section(name, command)
    return "\n".join(parts)


def _summaries() -> Iterator[tuple[str, str]]:
    for name, command in commands():
        if not isinstance(command, click.Group):
            anchor = name.replace(" ", "-")
            yield f"[`{name}`](#{anchor})", plain((command.help or "").partition("\n")[0])


def _section(name: str, command: click.Command) -> list[str]:
    if isinstance(command, click.Group):
        return []
    arguments = [_argument(param) for param in command.params if isinstance(param, click.Argument)]
    usage = " ".join([name, *(["[OPTIONS]"] if options(command) else []), *arguments])
    text = plain(inspect.cleandoc(command.help or "")).replace("\f", "")
    parts = [f"## {name}\n", f"```text\n{usage}\n```\n", text + "\n"]
    if options(command):
        parts.append(table(("option", "value", "default", "meaning"), map(_row, options(command))))
    return parts


def _argument(argument: click.Argument) -> str:
    word = argument.metavar or (argument.name or "").upper()
    if isinstance(argument.type, click.Choice):
        word = "|".join(argument.type.choices)
    return word if argument.required else f"[{word}]"


def _row(option: click.Option) -> tuple[str, str, str, str]:
    names = ", ".join(code(name) for name in (*option.opts, *option.secondary_opts))
    return (
        names,
        _value(option),
        _default(option),
        (option.help or "").replace("[default: ", "(default: ").replace("]", ")"),
    )


def _value(option: click.Option) -> str:
    if option.is_flag or option.count:
        return "repeatable" if option.count else ""
    kind = option.type
    if isinstance(kind, click.Choice):
        return ", ".join(code(str(choice)) for choice in kind.choices)
    word = option.metavar or kind.name
    if isinstance(kind, click.IntRange | click.FloatRange) and kind.min is not None:
        word = f"{option.metavar or 'number'}, at least {kind.min:g}"
    return word + (", repeatable" if option.multiple else "")


def _default(option: click.Option) -> str:
    value = option.default
    if option.is_flag and option.secondary_opts:
        return code(option.opts[0] if value else option.secondary_opts[0])
    if option.is_flag or option.count or option.multiple or not isinstance(value, str | int | float):
        return ""
    return code(str(value))
