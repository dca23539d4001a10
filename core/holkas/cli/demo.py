"""``holkas demo``: a small real project on its way to production, to look at and to play with."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from holkas.cli.app import App
from holkas.cli.errors import OK, CommandError
from holkas.cli.render.progress import MODES

if TYPE_CHECKING:
    from holkas.delivery_engine.project import ProjectDeliveries
    from holkas.roles.automation_agent import AutomationAgent

_HEALTHY, _SECRET = "Healthy", "hello/admin"


@click.command(name="demo", short_help="Lay down a small project and deliver it.")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--stop", is_flag=True, help="End the processes of the demo in DIR.")
@click.option("--progress", type=click.Choice(MODES), default=None, help="How progress is shown on stderr.")
@click.pass_obj
def command(app: App, directory: Path, stop: bool, progress: str | None) -> int:
    """Lay down a small project in DIR as a git repository, and deliver it.

    It is a web service in Python with tests, a Tekton pipeline, four environments on ports of this machine, and a gate
    before the last one: dev, test and stage answer, prod waits for you. What to type next is printed. The same command
    again goes on with what is there, and starts what was stopped.

    Exit code: 3 it waits at the gate, 0 it is everywhere, 1 something failed.
    """
    place = directory.absolute()
    if stop:
        return _stop(app, place)
    _prepare(app, place)
    demo = _app(app, place)
    _keep_secret(demo)
    code = _deliver(demo, progress or "")
    _tell(demo, place)
    return code


def _app(app: App, place: Path) -> App:
    """As if the command had been given there."""
    return App(
        environ=app.environ, directory=place, verbose=app.verbose, overrides=app.overrides, words=app.words
    )


def _prepare(app: App, place: Path) -> None:
    """The project with its first revision; one that is there already stays as it is. Raises CommandError, ToolError."""
    from holkas.cli.demo_files import ENVIRONMENTS, addresses, free_ports, lay_down
    from holkas.model.revision import Person

    begun = place / ".holkas-demo"
    if not begun.exists():
        if addresses(place):
            return
        if place.exists() and (not place.is_dir() or any(place.iterdir())):
            raise CommandError(f"{place} is not empty", hint="give a directory that is not there yet")
    place.mkdir(parents=True, exist_ok=True)
    begun.touch()  # somebody who kills us finds a directory that can be made anew
    ports = [url.rpartition(":")[2].strip("/") for url in addresses(place).values()]
    ports = ports or [str(port) for port in free_ports(len(ENVIRONMENTS))]
    lay_down(place, {name.upper(): port for name, port in zip(ENVIRONMENTS, ports, strict=True)})
    demo = _app(app, place)
    control = demo.manager.make("version_controls", demo.config.text("tools.version-control"))
    control.begin(place, "Begin a web service", Person(name="Ada", email="ada@example.org"))
    begun.unlink()


def _keep_secret(app: App) -> None:
    """The password that the services ask for, where nobody has set it. Raises ToolError."""
    import secrets

    from holkas.model.secret import Secret
    from holkas.roles.errors import NotFound

    store = app.manager.make("secret_stores", app.config.text("tools.secret-store"))
    try:
        store.read(_SECRET, "token")
    except NotFound:
        store.write(_SECRET, {"token": Secret(secrets.token_urlsafe())})
    finally:
        store.close()


def _deliver(app: App, progress: str) -> int:
    from holkas.cli.delivery.session import deliveries, ended, somebody
    from holkas.delivery_engine.recorder import load

    with deliveries(app, progress) as project:
        _start_again(project)
        number = project.request(project.resolve(), somebody(app, None), "holkas demo")
        waits = project.drive(number)
        return ended(load(project.ledger, project.definition.name, number), waits)


def _start_again(project: ProjectDeliveries) -> None:
    """Start what was stopped."""
    for stage in project.definition.stages:
        agent: AutomationAgent = project.tools.agent(stage.agent)
        state = agent.check(stage.environment)
        if state.release and str(state.health.status) != _HEALTHY:
            agent.operate(stage.environment, "restart")


def _stop(app: App, place: Path) -> int:
    from holkas.cli.delivery.session import deliveries
    from holkas.cli.demo_files import addresses

    if not addresses(place):
        raise CommandError(f"there is no demo in {place}")
    with deliveries(_app(app, place), "quiet") as project:
        for stage in project.definition.stages:
            agent = project.tools.agent(stage.agent)
            if agent.check(stage.environment).release:
                agent.operate(stage.environment, "stop")
    click.echo(f"nothing of it runs any more; it is all in {place}")
    return OK


def _tell(app: App, place: Path) -> None:
    """What runs where, and what to type next."""
    from holkas.cli.demo_files import addresses

    urls = addresses(place)
    holkas = _program()
    lines = ["", *(f"  {name:6} {url}" for name, url in urls.items()), "", "Next:", ""]
    steps = (
        (f"cd {shlex.quote(str(place))}", ""),
        (f"curl {urls['stage']}", "the same digest as in dev and test, its own configuration"),
        (f"{holkas} status", "what is where, and what waits"),
        (f"{holkas} approve prod", "press the button"),
        ("echo 'Goodbye {everybody}' > hello/page.txt", "a mistake that the unit tests do not see"),
        ("git commit -qam 'Say goodbye'", ""),
        (f"{holkas} deliver", "it stops at test, prod is untouched"),
        ("tail -n 1 notices.jsonl", "what its author is told"),
        ("echo 'Welcome to {environment}.' > hello/page.txt", "mended"),
        ("git commit -qam 'Say welcome'", ""),
        (f"{holkas} deliver && {holkas} approve prod", ""),
        (f"{holkas} rollback prod", "the previous answer again, at once"),
        (f"{holkas} demo . --stop", "end all of it"),
    )
    lines += [f"  {words}" + (f"   # {why}" if why else "") for words, why in steps]
    click.echo("\n".join(lines))


def _program() -> str:
    """How this very program is called from a shell: by its name where that finds it."""
    import shutil

    mine = Path(sys.argv[0])
    found = shutil.which("holkas")
    if mine.name != "holkas" or (found and Path(found).resolve() == mine.resolve()):
        return "holkas"
    return shlex.quote(str(mine.absolute()))
