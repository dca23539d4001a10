"""What the commands about deliveries share: the project with its ledger and tools, and who is asking."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from holkas.cli.app import App
from holkas.cli.errors import FAILED, OK, WAITING

if TYPE_CHECKING:
    from holkas.delivery.acts import Wait
    from holkas.delivery.definition import ProjectDefinition
    from holkas.delivery.delivery_state import DeliveryState
    from holkas.delivery_engine.project import ProjectDeliveries, Who
    from holkas.delivery_engine.toolbox import PluginToolbox
    from holkas.plugins.hooks import HookName
    from holkas.state.ledger import Ledger

TOOLS = (
    "version-control",
    "artifact-repository",
    "build-server",
    "automation-agent",
    "monitoring",
    "secret-store",
)

as_option = click.option(
    "--as",
    "who",
    metavar="NAME",
    help="In whose name; your account's by default. Your account is recorded too.",
)


def definition(app: App) -> ProjectDefinition:
    """What holkas.yaml says. Raises ConfigError."""
    from holkas.config.delivery_reading import load_definition
    from holkas.config.load import project_file

    return load_definition(project_file(app.directory), app.project)


@contextmanager
def ledger_of(app: App) -> Iterator[Ledger]:
    """The ledger of the state directory."""
    from holkas.state.ledger import Ledger

    ledger = Ledger(app.state)
    try:
        yield ledger
    finally:
        ledger.close()


def toolbox(app: App) -> PluginToolbox:
    """The tools of the configuration, which the caller closes."""
    from holkas.delivery_engine.toolbox import PluginToolbox

    return PluginToolbox(app.manager, _names(app))


def _names(app: App) -> dict[str, str]:
    names = {role: app.config.text(f"tools.{role}") for role in TOOLS}
    names["build-server"] = names["build-server"] or app.config.text("run.server") or "local"
    return names


def named_tools(app: App, defined: ProjectDefinition) -> Iterator[tuple[HookName, str]]:
    """Every tool that a project's deliveries name, by hook."""
    from holkas.delivery_engine.toolbox import HOOK_OF, listed

    for role, names in _names(app).items():
        for name in listed(names):
            yield HOOK_OF[role], name
    for stage in defined.stages:
        if stage.agent:
            yield "automation_agents", stage.agent
    for rule in defined.feedback:
        yield "notifiers", rule.notifier


@contextmanager
def deliveries(app: App, progress: str = "") -> Iterator[ProjectDeliveries]:
    """The project's deliveries, with its tools, which are closed in the end."""
    from holkas.cli.delivery.progress import DeliveryProgress
    from holkas.delivery_engine.project import ProjectDeliveries

    defined = definition(app)
    view = DeliveryProgress(progress or app.config.text("run.progress") or "auto", sys.stderr)
    tools = toolbox(app)
    with ledger_of(app) as ledger:
        try:
            yield ProjectDeliveries(
                defined,
                tools,
                ledger,
                app.state,
                directory=str(app.project),
                told=view.entry,
                follow=view.run_event,
            )
        finally:
            tools.close()


def somebody(app: App, name: str | None) -> Who:
    """Who asks: the name that was said, or the account; the account is recorded in any case."""
    from holkas.delivery_engine.project import Who

    account = _account()
    return Who(name=name or app.environ.get("HOLKAS_USER") or account, account=account)


def _account() -> str:
    import pwd

    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def ended(state: DeliveryState, wait: Wait | None) -> int:
    """Say where a delivery is, and the exit code of that."""
    from holkas.delivery.variables import short

    what = f"{state.project} {', '.join(dict.fromkeys(state.versions.values())) or short(state.revision.id)}"
    if wait is not None:
        click.echo(f"{what}: {wait.message}")
        if wait.why == "approval":
            click.echo(
                f"  holkas approve {wait.stage.name}    or    holkas reject {wait.stage.name}", err=True
            )
        return WAITING
    word = str(state.outcome or "interrupted")
    at = f" at {state.stage}" if state.stage else ""
    click.echo(f"{what}: {word}{at}" + (f": {state.message}" if state.message else ""))
    return OK if word == "succeeded" else FAILED
