"""One sidecar: started before the steps, waited for until it is ready, ended after the last step."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from holkas.extensions.executor import Command, ExecutorError, Process, Session
from holkas.model.record import StepRecord
from holkas.records import dataclass

from holkas_builtin.runner.cancellation import Cancellation
from holkas_builtin.runner.probes import holds
from holkas_builtin.runner.streams import LogFile, Stream

STARTED_AFTER = 0.3
"""Seconds that a sidecar without a probe is given before the first step, as a container's start would."""

_LOOK = 0.01
"""Seconds between two looks at a sidecar that is given time."""

_PROBE = 0.25
"""Most seconds between two probes: Kubernetes' own 10 would be a long time on one machine, where a probe is cheap."""


@dataclass(slots=True)
class RunningSidecar:
    """A sidecar and where its output goes."""

    name: str
    process: Process
    stream: Stream
    log: LogFile
    log_path: str
    started: float

    def pump(self) -> None:
        """Move its output on."""
        self.stream.pump()

    def ended(self) -> int | None:
        """Its exit code if it has ended by itself, else None."""
        return self.process.wait(0)

    def stop(self, grace: float) -> StepRecord:
        """End it; how one that still ran ends matters to nobody (Tekton puts a no-op in its place)."""
        ended = self.ended()
        self.process.terminate(grace if ended is None else 0.0)
        code = self.process.wait(grace + 5.0)
        self.stream.pump()
        self.stream.close()
        self.log.close()
        return StepRecord(
            name=self.name,
            exit_code=code,
            reason="Completed" if ended in (None, 0) else self.process.reason or "Error",
            started=self.started,
            finished=time.time(),
            log=self.log_path,
            image=self.process.image,
        )


def start_sidecar(
    session: Session, name: str, command: Command, log: LogFile, log_path: str
) -> RunningSidecar:
    """Start one. Raises ExecutorError."""
    stream = Stream(log)
    try:
        process = session.start(command, stdout=stream.writer, stderr=stream.writer)
    except ExecutorError:
        stream.close()
        log.close()
        raise
    stream.started()
    return RunningSidecar(name, process, stream, log, log_path, time.time())


def await_ready(
    session: Session,
    sidecar: RunningSidecar,
    command: Command,
    probe: Mapping[str, Any],
    *,
    deadline: float,
    cancellation: Cancellation,
) -> None:
    """Wait until the readiness probe holds, the sidecar has ended, or there is no time left.

    One that has ended counts as ready, as with Tekton (SidecarsReady in pkg/pod/status.go). Numbers as in Kubernetes:
    initialDelaySeconds 0, timeoutSeconds 1; ``deadline`` by :func:`time.monotonic`.
    """
    delay = float(probe.get("initialDelaySeconds", 0)) if probe else STARTED_AFTER
    _give_time(sidecar, min(time.monotonic() + delay, deadline), cancellation)
    period = min(float(probe.get("periodSeconds", 10)), _PROBE)
    while probe and not cancellation.is_set and time.monotonic() < deadline:
        sidecar.pump()
        if sidecar.ended() is not None or holds(session, sidecar.process, command, probe):
            return
        _give_time(sidecar, min(time.monotonic() + period, deadline), cancellation)


def _give_time(sidecar: RunningSidecar, until: float, cancellation: Cancellation) -> None:
    while time.monotonic() < until and not cancellation.is_set:
        sidecar.pump()
        if sidecar.ended() is not None:
            return
        time.sleep(_LOOK)
