"""``holkas secrets``: the secrets of a store, whichever it is. No value is ever an argument."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from holkas.cli.errors import CommandError
from holkas.cli.render.table import OUTPUTS, emit

if TYPE_CHECKING:
    from holkas.cli.app import App
    from holkas.roles.secret_store import SecretStore

MAX_VALUE = 1024 * 1024


@click.group("secrets", short_help="Set, read, list and remove secrets; replace their key.")
@click.option(
    "--store", default="", metavar="NAME", help="The secret store; without it the one of tools.secret-store."
)
@click.pass_context
def command(ctx: click.Context, store: str) -> None:
    """Keep secrets. NAME may have slashes; KEY is ``value`` where a secret is one value.

    Values are read from standard input or asked for, never taken from the command line, where other users of the
    machine would see them.
    """
    ctx.meta["holkas.secrets.store"] = store


@command.command("set")
@click.argument("name")
@click.argument("key", default="value")
@click.option("--trim/--no-trim", default=True, show_default=True, help="Leave out one line end at the end.")
@click.pass_obj
def set_(app: App, name: str, key: str, trim: bool) -> None:
    """Set one value of a secret; its other keys stay.

    The value is standard input, or what is typed twice at a terminal.
    """
    from holkas.model.secret import Secret
    from holkas.roles.errors import NotFound

    value = _asked(name) if sys.stdin.isatty() else sys.stdin.buffer.read(MAX_VALUE + 1)
    if len(value) > MAX_VALUE:
        raise CommandError(f"the value has more than {MAX_VALUE} bytes")
    if trim:
        value = value.removesuffix(b"\n").removesuffix(b"\r")
    if not value:
        raise CommandError("the value is empty", hint=f"printf %s VALUE | holkas secrets set {name}")
    with _store() as store:
        try:
            values = {one: store.read(name, one) for one in store.keys(name)}
        except NotFound:
            values = {}
        store.write(name, {**values, key: Secret(value)})
    click.echo(f"{name}: {key} is set", err=True)


@command.command("get")
@click.argument("name")
@click.argument("key", default="value")
@click.option("--version", default="", help="The store's own version; the newest without it.")
@click.option("--reveal", is_flag=True, help="Print the value itself.")
@click.pass_obj
def get(app: App, name: str, key: str, version: str, reveal: bool) -> None:
    """Print a value as ***, to see that it is there, or itself with --reveal."""
    with _store() as store:
        secret = store.read(name, key, version=version)
    if not reveal:
        click.echo(str(secret))
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(secret.reveal() + (b"\n" if sys.stdout.isatty() else b""))
    sys.stdout.buffer.flush()


@command.command("list")
@click.argument("prefix", default="")
@click.option("-o", "--output", type=click.Choice(OUTPUTS), default="table", help="Form of the list.")
@click.pass_obj
def list_(app: App, prefix: str, output: str) -> None:
    """List names and keys, no values."""
    with _store() as store:
        items = [{"name": name, "keys": list(store.keys(name))} for name in store.names(prefix)]
    columns = [("name", lambda item: item["name"]), ("keys", lambda item: ", ".join(item["keys"]))]
    emit(items, columns, output, kind="SecretList")


@command.command("delete")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def delete(app: App, name: str, yes: bool) -> None:
    """Remove a secret with all its keys and versions."""
    if not yes:
        if not sys.stdin.isatty():
            raise CommandError(f"{name} would be removed for good", hint="say so with --yes")
        click.confirm(f"Remove {name} for good?", abort=True, err=True)
    with _store() as store:
        store.delete(name)


@command.command("rotate")
@click.pass_obj
def rotate(app: App) -> None:
    """Encrypt everything with a new key; the values stay what they are."""
    with _store() as store:
        store.rotate()
    click.echo("everything is encrypted with a new key", err=True)


@contextmanager
def _store() -> Iterator[SecretStore]:
    """The store that the options ask for, closed in the end."""
    ctx = click.get_current_context()
    app: App = ctx.obj
    name = ctx.meta["holkas.secrets.store"] or app.config.text("tools.secret-store")
    store: SecretStore = app.manager.make("secret_stores", name)
    try:
        yield store
    finally:
        store.close()


def _asked(name: str) -> bytes:
    value: str = click.prompt(f"Value of {name}", hide_input=True, confirmation_prompt=True, err=True)
    return value.encode("utf-8", "surrogateescape")
