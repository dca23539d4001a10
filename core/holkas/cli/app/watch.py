"""``holkas app watch``: keep Applications in their desired state, as a long-running process."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any

import click

from holkas.cli.app import App
from holkas.cli.app.session import health_option, revision_option, target_option
from holkas.cli.errors import OK, CommandError

if TYPE_CHECKING:
    from holkas.reconciler.watch import Watch

_POSITIVE = click.FloatRange(0, min_open=True)


@click.command(name="watch", short_help="Keep Applications in their desired state.")
@revision_option
@target_option
@health_option
@click.option(
    "--interval",
    type=_POSITIVE,
    default=60.0,
    metavar="SECONDS",
    show_default=True,
    help="Between looks at the sources.",
)
@click.option(
    "--jitter",
    type=click.FloatRange(0),
    default=15.0,
    metavar="SECONDS",
    show_default=True,
    help="Up to so much longer, at random.",
)
@click.option(
    "--live-interval",
    type=_POSITIVE,
    default=5.0,
    metavar="SECONDS",
    show_default=True,
    help="Between looks at what is live.",
)
@click.option(
    "--parallel",
    type=click.IntRange(1, 256),
    default=8,
    metavar="N",
    show_default=True,
    help="Applications at the same time.",
)
@click.option(
    "--metrics-port",
    type=click.IntRange(0, 65535),
    default=None,
    metavar="PORT",
    help="Serve Prometheus metrics on 127.0.0.1; 0 takes a free port.",
)
@click.option(
    "--webhook", default="", metavar="ADDRESS:PORT", help="Take webhooks that make it look at once."
)
@click.option(
    "--webhook-secret-variable",
    default="",
    metavar="NAME",
    help="Environment variable with the secret that signs them.",
)
@click.option("--once", is_flag=True, help="Look once, finish what can be finished, and end.")
@click.pass_obj
def command(app: App, /, **given: Any) -> int:
    """Look at this repository and the target again and again: render what changed, sync what is automatic, heal drift.

    A target that tells of changes is followed besides, so that drift is healed as it comes.

    Applications need `syncPolicy.automated`, as in Argo CD. One watch leads for each project and state directory,
    further ones stand by. SIGTERM ends it after the step that is being done; whatever was begun goes on at the next
    start. Commits have to come into the repository by themselves: `git pull` in a timer, or a push.

    Exit code: 0 it was ended by a signal, 2 wrong usage; with --once 0 everything is synced, 1 something is not.
    """
    from holkas.cli.app.session import session
    from holkas.cli.app.telling import line_of, say
    from holkas.reconciler.metrics import Metrics
    from holkas.reconciler.place import Place
    from holkas.reconciler.watch import Rhythm, Watch
    from holkas.state.lock import OwnerLock

    metrics = Metrics()
    seen: dict[str, str] = {}

    def told(name: str, kind: str, data: Mapping[str, Any]) -> None:
        metrics.told(name, kind, data)
        line = line_of(name, kind, data)
        repeated = kind in ("waiting", "refused", "warning") and seen.get(name) == line
        if line and not repeated:
            seen[name] = line
            say(line)

    ending: list[Watch] = []
    with session(
        app,
        target=given["target"],
        revision=given["revision"],
        health=given["health_checks"],
        needs_target=True,
        load=False,
        told=told,
        stopping=lambda: bool(ending) and ending[0].stopping,
        workers=given["parallel"],
    ) as view:
        if given["once"]:
            return _once(view)
        place = Place(state=app.state, installation=view.installation)
        watch = Watch(
            view.reconciler,
            OwnerLock(place.lock("watch leader")),
            Rhythm(interval=given["interval"], jitter=given["jitter"], live=given["live_interval"]),
            metrics,
            say=say,
            targets=view.reconciler.targets,
        )
        ending.append(watch)
        _serve(app, watch, metrics.text, given)
    return OK


def _once(view: Any) -> int:
    """Passes until nothing is left to be done at once."""
    import time

    from holkas.cli.errors import FAILED

    for number in range(100):
        done = view.reconciler.run_pass(render=number == 0)
        if not done.looked and (done.due is None or done.due > time.time() + 2.0):
            break
        time.sleep(0.05)
    synced = all(str(sync) == "Synced" for sync, _ in view.reconciler.statuses.values())
    return OK if synced else FAILED


def _serve(app: App, watch: Watch, text: Callable[[], str], given: Mapping[str, Any]) -> None:
    from holkas.cli.app.telling import say
    from holkas.cli.app.watch_servers import metrics_server, webhook_server

    secret, tool = _webhook_secret(app, given["webhook_secret_variable"])
    try:
        with (
            stopped_by_signals(watch.stop),
            metrics_server(given["metrics_port"], text) as metrics_url,
            webhook_server(_address(given["webhook"]), secret, tool, watch.poke, say) as webhook_url,
        ):
            for what, url in (("metrics", metrics_url), ("webhooks", webhook_url)):
                if url:
                    say(f"{what}: {url}")
            say(f"watching {app.project}")
            watch.run()
            say("stopped")
    finally:
        if tool is not None:
            tool.close()


@contextmanager
def stopped_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Call ``stop`` at a signal. A handler may interrupt any line, one that holds a lock included: a thread calls."""
    signals: SimpleQueue[int | None] = SimpleQueue()

    def obey() -> None:
        if signals.get() is not None:
            stop()

    thread = Thread(target=obey, name="signals", daemon=True)
    thread.start()
    before = {
        number: signal.signal(number, lambda number, frame: signals.put(number))
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signals.put(None)
        thread.join()


def _webhook_secret(app: App, variable: str) -> tuple[Any, Any]:
    if not variable:
        return None, None
    from holkas.model.secret import Secret

    value = os.environ.get(variable, "")
    if not value:
        raise CommandError(
            f"the environment variable {variable} is empty", hint="it holds the webhooks' secret"
        )
    return Secret(value), app.manager.make("version_controls", app.config.text("tools.version-control"))


def _address(text: str) -> tuple[str, int] | None:
    if not text:
        return None
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit() or int(port) > 65535:
        raise CommandError(f"--webhook {text!r} is not ADDRESS:PORT", hint="127.0.0.1:8080, for example")
    return host.strip("[]") or "127.0.0.1", int(port)
