"""What the commands about Applications share: the project's Applications, their targets and their records."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from holkas.cli.app import App
from holkas.cli.errors import CommandError

if TYPE_CHECKING:
    from holkas.cli.app.remote_project import RemoteProject
    from holkas.extensions.renderer import RenderedProject
    from holkas.extensions.target import Target
    from holkas.gitops.health import HealthOverride
    from holkas.reconciler.declared import Declarations
    from holkas.reconciler.reconciler import Reconciler
    from holkas.reconciler.unit import Unit
    from holkas.state.ledger import Ledger

target_option = click.option(
    "--target", metavar="NAME", default="", help="The live target; that of the configuration without it."
)
revision_option = click.option(
    "--revision", metavar="REV", default="", help="The commit, branch or tag to take; HEAD without it."
)
local_option = click.option(
    "--local", is_flag=True, help="Take the files as they lie there, uncommitted changes included."
)
health_option = click.option(
    "--health-checks",
    metavar="DIR",
    default="",
    type=click.Path(file_okay=False),
    help="Health checks of your own in Lua, laid out as Argo CD's resource_customizations.",
)
timeout_option = click.option(
    "--timeout", type=click.FloatRange(0), default=0, metavar="SECONDS", help="Longest time to wait; 0: any."
)
selector_option = click.option(
    "-l", "--selector", metavar="KEY=VALUE,…", default="", help="Applications with these labels."
)


class Session:
    """One command's view. ``live``: whether there is a target to look at."""

    def __init__(
        self,
        app: App,
        reconciler: Reconciler,
        *,
        live: bool,
        ledger: Ledger | None,
        installation: str,
        declarations: Declarations,
    ) -> None:
        self.app = app
        self.reconciler = reconciler
        self.live = live
        self.ledger = ledger
        self.installation = installation
        self.declarations = declarations

    @property
    def units(self) -> Mapping[str, Unit]:
        """Every Application by name."""
        return self.reconciler.units

    def chosen(
        self, names: Sequence[str], *, everything: bool = True, selector: str = "", project: str = ""
    ) -> list[Unit]:
        """The Applications that a command is about. Raises CommandError for names that nobody has."""
        if unknown := [name for name in names if recorded_name(name) not in self.units]:
            from difflib import get_close_matches

            close = get_close_matches(unknown[0], self.units, 3)
            raise CommandError(
                f"there is no Application {', '.join(unknown)} in this repository",
                hint=f"close: {', '.join(close)}" if close else "`holkas app list` shows them",
            )
        if not names and not everything and not selector:
            raise CommandError("give names of Applications, or --all")
        wanted = _labels(selector)
        found = [self.units[recorded_name(name)] for name in names] if names else list(self.units.values())
        return [
            unit
            for unit in dict.fromkeys(found)
            if wanted.items() <= unit.declared.application.labels.items()
            and project in ("", unit.declared.application.project_name)
        ]

    def one(self, name: str) -> Unit:
        """The Application of a name. Raises CommandError."""
        return self.chosen([name])[0]


def recorded_name(name: str) -> str:
    """``namespace/name`` as labels have it."""
    from holkas.gitops.application_name import instance_of_qualified
    from holkas.reconciler.managed import DEFAULT_NAMESPACE

    return instance_of_qualified(name, DEFAULT_NAMESPACE)


def _labels(selector: str) -> dict[str, str]:
    found = {}
    for part in filter(None, (piece.strip() for piece in selector.split(","))):
        name, sign, value = part.partition("=")
        if not sign or not name or name.endswith("!"):
            raise CommandError(f"--selector {selector!r} is not KEY=VALUE")
        found[name.strip()] = value.lstrip("=").strip()
    return found


@contextmanager
def session(
    app: App,
    *,
    target: str = "",
    revision: str = "",
    local: bool = False,
    health: str = "",
    needs_target: bool = False,
    recording: bool = True,
    load: bool = True,
    told: Callable[[str, str, Mapping[str, Any]], None] | None = None,
    stopping: Callable[[], bool] = lambda: False,
    workers: int = 0,
) -> Iterator[Session]:
    """Everything that a command needs; given back in the end. recording: False for dry runs.

    needs_target: without one there is nothing that the command could do. load: whether to render and to look at once.
    Raises CommandError.
    """
    from concurrent.futures import ThreadPoolExecutor

    from holkas.cli.app.jq_help import JqHelp
    from holkas.extensions.source_fetcher import SourceRefused
    from holkas.reconciler.declared import Declarations
    from holkas.reconciler.place import Place
    from holkas.reconciler.reconciler import Reconciler
    from holkas.reconciler.target_pool import TargetPool
    from holkas.reconciler.unit import Tools
    from holkas.state.ledger import Ledger

    name = target or app.config.text("app.target")
    if needs_target and not name:
        raise CommandError(
            "no live target is named",
            hint="give --target, or set app.target in holkas.yaml: directory, for example",
        )
    remote = _remote(app, local=local)
    named = installation(app)
    ledger = Ledger(app.state) if recording else None
    declarations = Declarations(declared_by(app))
    pool = TargetPool(_maker(app, name) if name else _nowhere)
    acts = ThreadPoolExecutor(8, thread_name_prefix="act")
    looks = ThreadPoolExecutor(workers, thread_name_prefix="look") if workers else None
    jq = JqHelp(app)
    try:
        tools = Tools(
            place=Place(state=app.state, installation=named),
            ledger=ledger,
            clock=time.time,
            told=told or (lambda name, kind, data: None),
            health=health_checks(app, health),
            jq=jq,
            pool=acts,
            stopping=stopping,
        )
        render = (
            _render_remote(remote, revision)
            if remote is not None
            else _render(app, "" if local else revision or _head(app.project), local=local)
        )
        reconciler = Reconciler(render, declarations, pool, tools, workers=looks)
        if load:
            try:
                reconciler.load()
            except SourceRefused as error:
                raise CommandError(str(error), hint=error.hint) from error
        yield Session(
            app,
            reconciler,
            live=bool(name),
            ledger=ledger,
            installation=named,
            declarations=declarations,
        )
    finally:
        for executor in (looks, acts):
            if executor is not None:
                executor.shutdown(cancel_futures=True)
        pool.close()
        jq.close()
        if remote is not None:
            remote.close()
        if ledger is not None:
            ledger.close()


def declared_by(app: App) -> Callable[[Sequence[Any]], Any]:
    """Reads what manifests declare, by all importers that know them."""
    from holkas.extensions.declared import Declared

    importers = [app.manager.make("importers", one.name) for one in app.manager.providers("importers")]

    def read(documents: Sequence[Any]) -> Declared:
        found = [one for importer in importers if (one := importer.declared(documents)) is not None]
        return Declared(
            applications=tuple(item for one in found for item in one.applications),
            projects=tuple(item for one in found for item in one.projects),
        )

    return read


def health_checks(app: App, folder: str) -> HealthOverride | None:
    """Users' own checks, by the first importer that reads such. Raises ToolError."""
    if not folder:
        return None
    for provider in app.manager.providers("importers"):
        found: HealthOverride | None = app.manager.make("importers", provider.name).health_checks(
            Path(folder)
        )
        if found is not None:
            return found
    raise CommandError("nothing that is installed reads health checks")


def installation(app: App) -> str:
    """The name under which the records of these Applications are."""
    from holkas.reconciler.place import installation_of, installation_of_repository

    configured, url = app.config.text("app.installation"), app.config.text("app.repository")
    return installation_of_repository(url, configured) if url else installation_of(app.project, configured)


def _remote(app: App, *, local: bool) -> RemoteProject | None:
    url = app.config.text("app.repository")
    if not url:
        return None
    if local:
        raise CommandError("--local takes the files of this directory, and app.repository names another one")
    from holkas.cli.app.remote_project import RemoteProject

    return RemoteProject(app, url)


def _render_remote(
    remote: RemoteProject, ref: str
) -> Callable[[RenderedProject | None], RenderedProject | None]:
    from dataclasses import replace

    from holkas.extensions.renderer import RenderOptions

    def render(known: RenderedProject | None) -> RenderedProject | None:
        place, revision = remote.fetch(ref)
        renderer = remote.renderer(place)
        try:
            found = renderer.render_declared(RenderOptions(), known)
        finally:
            renderer.close()
        if found is None:
            return None
        # Files of a checkout have no revision of their own.
        named = tuple(
            replace(one, revisions=tuple(own or revision for own in one.revisions))
            for one in found.applications
        )
        return replace(found, applications=named, revision=revision)

    return render


def _head(project: Path) -> str:
    return "HEAD" if (project / ".git").exists() else ""


def _render(
    app: App, revision: str, *, local: bool
) -> Callable[[RenderedProject | None], RenderedProject | None]:
    from dataclasses import replace

    from holkas.cli.app.render import renderer_of
    from holkas.extensions.renderer import RenderOptions

    def render(known: RenderedProject | None) -> RenderedProject | None:
        renderer = renderer_of(app)
        try:
            found = renderer.render_declared(RenderOptions(revision=revision), known)
        finally:
            renderer.close()
        if found is None or not local:
            return found
        # What is not committed has no revision that anybody could go back to.
        free = tuple(replace(one, revisions=tuple("" for _ in one.revisions)) for one in found.applications)
        return replace(found, applications=free)

    return render


def _maker(app: App, name: str) -> Callable[[str], Target]:
    provider = next((one for one in app.manager.providers("targets") if one.name == name), None)
    if provider is None:
        known = ", ".join(one.name for one in app.manager.providers("targets"))
        raise CommandError(f"there is no target {name!r}", hint=f"there are: {known}")
    properties = provider.options_schema.get("properties", {})
    takes_destination = isinstance(properties, Mapping) and "destination" in properties

    def make(destination: str) -> Target:
        options = dict(app.config.plugin_options("targets", name))
        if takes_destination:
            options["destination"] = destination
        found: Target = app.manager.make("targets", name, options)
        return found

    return make


def _nowhere(destination: str) -> Target:
    from holkas.reconciler.nowhere import Nowhere

    return Nowhere()


@contextmanager
def recorded_book(app: App, name: str) -> Iterator[Any]:
    """The records of an Application, whether it is still declared or not. Raises CommandError where there are none."""
    from holkas.reconciler.book import Book
    from holkas.state.ledger import Ledger

    ledger = Ledger(app.state)
    try:
        book = Book(ledger, installation(app), recorded_name(name))
        if not book.view["operations"]:
            raise CommandError(
                f"nothing is recorded of an Application {name}", hint="it was never synced from here"
            )
        yield book
    finally:
        ledger.close()
