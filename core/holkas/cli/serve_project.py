"""The project that ``holkas serve`` serves, as holkas.yaml has it now."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from holkas.cli.app import App
from holkas.cli.config_files import ConfigFiles
from holkas.cli.delivery.session import deliveries, named_tools
from holkas.cli.errors import CommandError
from holkas.cli.serve_webhooks import refusal, webhooks
from holkas.config.errors import ConfigError
from holkas.delivery_engine.rounds import Rounds
from holkas.plugins.errors import PluginError
from holkas.plugins.options import options_fault
from holkas.roles.errors import ToolError
from holkas.state.errors import StateUnusable

if TYPE_CHECKING:
    from holkas.cli.event_server import EventServer
    from holkas.delivery_engine.project import ProjectDeliveries, Who
    from holkas.model.secret import Secret

_MAX_BODY = 25 << 20
_AGAIN = 30.0
"""Seconds until a holkas.yaml that nothing but a tool stood against is tried again."""


class ServedProject:
    """Rounds of a project that go on when holkas.yaml changes: with the new one when it is good, else with the old one.

    address: where webhooks are listened for, where ``triggers`` wants any. say: a line for the log.
    """

    def __init__(
        self, app: App, who: Who, address: tuple[str, int], *, public: bool, say: Callable[[str], None]
    ) -> None:
        self._app, self._address, self._public, self._say = app, address, public, say
        self._files = ConfigFiles(app)
        self._open = ExitStack()
        self._server: EventServer | None = None
        self._again: float | None = None
        self.project = self._open.enter_context(deliveries(app, "quiet"))
        self.rounds = Rounds(self.project, who, say)

    def begin(self) -> None:
        """Listen, where webhooks are wanted. Raises CommandError, ToolError."""
        self._listen(self.project, _secret(self.project))
        if self._server is None:
            self._say("serving, without webhooks")

    def step(self) -> None:
        """See whether holkas.yaml has changed, and do one round."""
        if self._files.changed() or (self._again is not None and time.monotonic() >= self._again):
            self._again = None
            self._reload()
        self.rounds.step()

    def close(self) -> None:
        """Listen no more, and close the tools."""
        self._hang_up()
        self._open.close()

    # -- another holkas.yaml

    def _reload(self) -> None:
        app = replace(self._app)  # nothing that was read before is remembered
        with ExitStack() as opened:
            try:
                if app.state != self._app.state:
                    raise CommandError("another state directory counts from the next start")
                project = opened.enter_context(deliveries(app, "quiet"))
                _look_at_tools(app, project)
                self._listen(project, _secret(project))
            except ConfigError as error:
                self._refuse("; ".join(f"{one.code} {one.message}" for one in error.findings))
            except ToolError as error:
                self._again = time.monotonic() + _AGAIN
                self._refuse(f"{error}; tried again in {_AGAIN:g} s")
            except (PluginError, CommandError, StateUnusable) as error:
                self._refuse(str(error))
            else:
                self.project, before = project, self._open
                self.rounds.take(project)
                self._open = opened.pop_all()
                before.close()
                self._say("holkas.yaml has changed and was read again")

    def _refuse(self, why: str) -> None:
        self._say(f"holkas.yaml has changed and is not taken, what was read before stays: {why}")

    # -- webhooks

    def _listen(self, project: ProjectDeliveries, secret: Secret | None) -> None:
        """Take webhooks for a project, or none any more. Raises CommandError."""
        if secret is None:
            self._hang_up()
            return
        take = webhooks(project, self.rounds, secret)
        if self._server is not None:
            self._server.take = take
            return
        from holkas.cli.event_server import EventServer
        from holkas.cli.listen import is_loopback

        host, port = self._address
        if not self._public and not is_loopback(host):
            raise CommandError(
                f"{host} is not an address of this machine alone",
                hint="--public lets other machines reach it",
            )
        try:
            self._server = EventServer(self._address, take, refusal, self._say, max_body=_MAX_BODY)
        except OSError as error:
            raise CommandError(f"{host}:{port}: {error.strerror or error}") from error
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.2}, name="webhooks", daemon=True
        ).start()
        self._say(f"listening on {self._server.url}")

    def _hang_up(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


def _secret(project: ProjectDeliveries) -> Secret | None:
    """What webhooks are signed with; None where none are wanted. Raises ToolError."""
    path, _, key = project.definition.triggers.webhook.partition("#")
    return project.tools.secret_store().read(path, key or "value") if path else None


def _look_at_tools(app: App, project: ProjectDeliveries) -> None:
    """Raise PluginError where a tool is not installed, or its settings do not fit."""
    for hook, name in named_tools(app, project.definition):
        provider = app.manager.provider(hook, name)
        if fault := options_fault(provider.options_schema, app.config.plugin_options(hook, name)):
            raise PluginError(f"settings of {name!r}: {fault}", code="P103")
