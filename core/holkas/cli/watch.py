"""``holkas watch``: the pulling side of deliveries."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click

from holkas.cli.app import App
from holkas.cli.delivery.session import definition, toolbox
from holkas.cli.errors import FAILED, OK, CommandError


@click.command(name="watch", short_help="Apply what deliveries commit to configuration repositories.")
@click.argument("environments", nargs=-1, metavar="[ENV …]")
@click.option(
    "--interval",
    type=click.FloatRange(0, min_open=True),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="Between looks at the repositories.",
)
@click.option(
    "--live-interval",
    type=click.FloatRange(0, min_open=True),
    default=5.0,
    show_default=True,
    metavar="SECONDS",
    help="Between looks at the environments.",
)
@click.option("--once", is_flag=True, help="Look once, apply what differs, and end.")
@click.pass_obj
def command(
    app: App, environments: tuple[str, ...], interval: float, live_interval: float, once: bool
) -> int:
    """Keep the environments that have ``pull`` in holkas.yaml at the release that their configuration repository names:
    pull, compare, apply; what somebody changed by hand is put right.

    Artifacts are verified as in a pushed delivery. When a release cannot be brought in, and when that works again, those
    are told whom ``feedback`` names. One watch leads for each project and state directory, further ones stand by.
    SIGTERM ends it after the step that is being done; whatever was begun goes on at the next start.

    Exit code: 0 it was ended by a signal; with --once 0 everything is as it is to be, 1 something is not.
    """
    from holkas.cli.app.telling import line_of, say
    from holkas.cli.app.watch import stopped_by_signals
    from holkas.reconciler.metrics import Metrics
    from holkas.reconciler.watch import Rhythm, Watch
    from holkas.state.lock import OwnerLock

    seen: dict[str, str] = {}
    ending: list[Watch] = []

    def told(name: str, kind: str, data: Mapping[str, Any]) -> None:
        line = line_of(name, kind, data)
        if line and seen.get(name) != line:
            seen[name] = line
            say(line)

    with reconciler_of(app, environments, told, lambda: bool(ending) and ending[0].stopping) as (
        reconciler,
        place,
    ):
        if once:
            return _once(reconciler)
        rhythm = Rhythm(interval=interval, jitter=interval / 4, live=live_interval)
        watch = Watch(reconciler, OwnerLock(place.lock("watch leader")), rhythm, Metrics(), say=say)
        ending.append(watch)
        with stopped_by_signals(watch.stop):
            say(f"watching {', '.join(sorted(_pulled(app, environments)))}")
            watch.run()
            say("stopped")
    return OK


def _pulled(app: App, wanted: tuple[str, ...]) -> dict[str, Any]:
    """The environments that pull, by name. Raises CommandError."""
    found = {stage.name: stage for stage in definition(app).stages if stage.pull is not None}
    for name in wanted:
        if name not in found:
            raise CommandError(
                f"{name} is no environment with pull", hint="holkas env list shows their modes"
            )
    if not found:
        raise CommandError("no environment of holkas.yaml has pull")
    return {name: stage for name, stage in found.items() if not wanted or name in wanted}


@contextmanager
def reconciler_of(
    app: App, environments: tuple[str, ...], told: Callable[[str, str, Mapping[str, Any]], None],
    stopping: Callable[[], bool],
) -> Iterator[tuple[Any, Any]]:  # fmt: skip
    """The loop over the environments, and its place; tools are closed in the end."""
    from holkas.cli.app.telling import line_of
    from holkas.delivery_engine.pulled_loop import PullLoop
    from holkas.reconciler.place import Place, installation_of
    from holkas.state.ledger import Ledger

    defined = definition(app)
    stages = list(_pulled(app, environments).values())
    box = toolbox(app)
    place = Place(state=app.state, installation=f"{installation_of(app.project)}-releases")
    ledger = Ledger(app.state)
    try:
        loop = PullLoop(defined, stages, box, ledger, place, told=told, line=line_of, stopping=stopping)
        try:
            yield loop, place
        finally:
            loop.close()
    finally:
        box.close()
        ledger.close()


def _once(reconciler: Any) -> int:
    """Passes until nothing is left to be done at once."""
    for number in range(100):
        done = reconciler.run_pass(render=number == 0)
        if not done.looked and (done.due is None or done.due > time.time() + 2.0):
            break
        time.sleep(0.05)
    well = all(
        (str(sync), str(health)) == ("Synced", "Healthy") for sync, health in reconciler.statuses.values()
    )
    return OK if well else FAILED
