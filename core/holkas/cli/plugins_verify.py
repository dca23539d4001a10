"""``holkas plugins verify``: the contract of its hook, run on an installed tool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from holkas.cli.render.table import OUTPUTS, emit, table

if TYPE_CHECKING:
    from pathlib import Path

    from holkas.cli.app import App
    from holkas.plugins.hooks import HookName
    from holkas.plugins.provider import Provider


@click.command("verify")
@click.argument("name")
@click.option(
    "--role",
    default="",
    metavar="ROLE",
    help="Only the tool of this role or hook, where NAME offers several.",
)
@click.option(
    "--option",
    "options",
    multiple=True,
    metavar="KEY=VALUE",
    help="A setting of the tool, over those of holkas.yaml; the value is YAML.",
)
@click.option(
    "--given",
    multiple=True,
    metavar="KEY=VALUE",
    help="What the contract asks for: signing_key and credentials_role of secret stores, isolated and sees_processes of "
    "executors, merges of targets, recipient of notifiers, repository and revision of source fetchers, fields (YAML) of "
    "resolvers.",
)
@click.option("--yes", is_flag=True, help="Remove what lies below contract/ in the tool.")
@click.option("-o", "--output", type=click.Choice(OUTPUTS), default="table", help="Form of the answer.")
@click.pass_obj
def command(
    app: App, name: str, role: str, options: tuple[str, ...], given: tuple[str, ...], yes: bool, output: str
) -> int:
    """Run the contract of its role on a tool that is installed; of an executor, a target, a resolver, a notifier … too.

    NAME is the tool's, its plugin's or its distribution's. The tool is used for real: names below contract/ and the
    namespace contract are written and removed, and a notifier tells its notices. Ends with 1 when something does not
    hold.
    """
    from holkas.cli.errors import FAILED, OK

    tools = _tools(app, name, role)
    settings, attributes = _settings(options), dict(_pair(one, "--given") for one in given)
    items: list[dict[str, Any]] = []
    for hook, provider in tools:
        items += _verified(app, hook, provider, settings, attributes, yes)
    if output == "table":
        _show(tools, items)
    else:
        emit(items, [], output, kind="ContractReport")
    return FAILED if any(item["outcome"] == "failed" for item in items) else OK


def _tools(app: App, name: str, role: str) -> list[tuple[HookName, Provider[Any]]]:
    """The tools with a contract that go by a name."""
    from holkas.cli.errors import CommandError
    from holkas.plugins.hooks import HOOKS
    from holkas.plugins.inventory import normal
    from holkas.testing.kits import KITS

    wanted = role.replace("_", "-").replace(" ", "-")
    roles = {hook: about.noun.replace(" ", "-") for hook, about in HOOKS.items() if hook in KITS}
    if wanted and wanted not in (*roles.values(), *roles):
        raise CommandError(f"there is no contract of a {role!r}", hint=", ".join(roles.values()))
    found = []
    for hook, noun in roles.items():
        if wanted not in ("", noun, hook.replace("_", "-")):
            continue
        for offers in app.manager.offers(hook).values():
            for offer in offers:
                plugin = offer.entry
                if name in (offer.provider.name, plugin.name) or normal(name) == normal(plugin.distribution):
                    found.append((hook, app.manager.provider(hook, offer.provider.name)))
    if not found:
        raise CommandError(
            f"no tool {name!r} with a contract is installed",
            hint="holkas plugins list shows what is installed",
        )
    return found


def _verifying() -> Any:
    """What runs contracts. Raises CommandError where pytest is not installed."""
    from holkas.cli.errors import CommandError

    try:
        from holkas.testing import verifying
    except ImportError as error:
        raise CommandError(
            f"the contracts cannot be run: {error}", hint="install pytest into the environment of holkas"
        ) from None
    return verifying


def _verified(
    app: App,
    hook: HookName,
    provider: Provider[Any],
    settings: Mapping[str, Any],
    given: Mapping[str, str],
    yes: bool,
) -> list[dict[str, Any]]:
    from holkas.cli.errors import CommandError
    from holkas.plugins.making import make
    from holkas.plugins.provider import Context

    verifying = _verifying()
    options = {**app.config.plugin_options(hook, provider.name), **settings}

    def made(state: Path) -> Any:
        state.mkdir(parents=True, exist_ok=True)
        return make(
            hook, provider, Context(options=options, project=app.project, state=state, plugins=app.manager)
        )

    _look(hook, provider, made, yes)
    try:
        outcomes = verifying.verified(hook, made, given)
    except verifying.UnknownAttribute as error:
        raise CommandError(str(error)) from None
    return [
        {
            "name": one.contract,
            "hook": hook,
            "tool": provider.name,
            "outcome": one.outcome,
            "reason": one.reason,
        }
        for one in outcomes
    ]


def _look(hook: HookName, provider: Provider[Any], made: Any, yes: bool) -> None:
    """Refuse a tool that does not work, or that holds what is not ours to remove."""
    import tempfile
    from pathlib import Path

    from holkas.cli.errors import CommandError

    verifying = _verifying()
    with tempfile.TemporaryDirectory(prefix="holkas-verify-") as directory:
        tool = made(Path(directory) / "state")
        try:
            if fault := verifying.fault(hook, tool):
                raise CommandError(f"{provider.name} does not work: {fault}", exit_code=1)
            present = verifying.in_the_way(hook, tool)
        finally:
            verifying.close(tool)
    if present and not yes:
        raise CommandError(
            f"{provider.name} already holds {present[0]} and {len(present) - 1} more that the contract would remove",
            hint="verify a tool for tests, or say --yes",
        )


def _show(tools: Sequence[tuple[HookName, Provider[Any]]], items: Sequence[Mapping[str, Any]]) -> None:
    for hook, provider in tools:
        mine = [item for item in items if (item["hook"], item["tool"]) == (hook, provider.name)]
        counts = ", ".join(
            f"{sum(item['outcome'] == outcome for item in mine)} {outcome}"
            for outcome in ("passed", "failed", "skipped")
        )
        click.echo(f"{hook}: {provider.name}")
        click.echo(f"capabilities: {', '.join(sorted(provider.capabilities)) or '-'}\n")
        click.echo(
            table(
                ("contract", "outcome", "reason"),
                [(one["name"], one["outcome"], one["reason"]) for one in mine],
            )
        )
        click.echo(f"\n{counts}")


def _settings(options: Sequence[str]) -> dict[str, Any]:
    """Settings by key; a dot leads into a mapping."""
    from holkas.cli.errors import CommandError
    from holkas.yaml import YamlError, load

    found: dict[str, Any] = {}
    for option in options:
        key, text = _pair(option, "--option")
        try:
            value = load(text)
        except YamlError as error:
            raise CommandError(f"--option {option!r} is no YAML: {error}") from None
        place = found
        *parents, last = key.split(".")
        for parent in parents:
            place = place.setdefault(parent, {})
            if not isinstance(place, dict):
                raise CommandError(f"--option {key}: {parent} has a value already")
        place[last] = "" if value is None else value
    return found


def _pair(text: str, option: str) -> tuple[str, str]:
    key, separator, value = text.partition("=")
    if not separator or not key:
        raise click.UsageError(f"{option} {text!r} is not KEY=VALUE.")
    return key, value
