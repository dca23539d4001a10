"""Sidecars: started before the steps, waited for until they are ready, ended after the last step."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from holkas.extensions.executor import Command, ExecutorError, Process, Session
from holkas.model.record import StepRecord

from holkas_builtin.runner.cancellation import Cancellation
from holkas_builtin.runner.streams import LogFile, Stream

STARTED_AFTER = 0.3
"""Seconds that a sidecar without a probe is given before the first step, as a container's start would."""


class SidecarFailed(Exception):
    """A sidecar ended or did not become ready in time."""


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

    def stop(self, grace: float) -> StepRecord:
        """End it; how it ended matters to nobody (Tekton stops sidecars the same way)."""
        ended = self.process.wait(0)
        self.process.terminate(grace if ended is None else 0.0)
        code = self.process.wait(grace + 5.0)
        self.stream.pump()
        self.stream.close()
        self.log.close()
        return StepRecord(
            name=self.name,
            exit_code=code,
            reason="Completed" if ended in (None, 0) else "Error",
            started=self.started,
            finished=time.time(),
            log=self.log_path,
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
    """Wait until the readiness probe holds (exec, tcpSocket or httpGet on this host). Raises SidecarFailed.

    Numbers as in Kubernetes: initialDelaySeconds 0, periodSeconds 10 (looked at more often here: a local probe is
    cheap), timeoutSeconds 1; ``deadline`` of :func:`time.monotonic` ends the waiting.
    """
    if not probe:
        _wait_started(sidecar, STARTED_AFTER, cancellation)
        return
    _wait_started(sidecar, float(probe.get("initialDelaySeconds", 0)), cancellation)
    period = min(float(probe.get("periodSeconds", 10)), 0.25)
    while not cancellation.is_set:
        sidecar.pump()
        if _holds(session, command, probe):
            return
        if sidecar.process.wait(0) is not None:
            raise SidecarFailed(f"sidecar {sidecar.name!r} ended before it was ready")
        if time.monotonic() > deadline:
            raise SidecarFailed(f"sidecar {sidecar.name!r} did not become ready in time")
        time.sleep(period)


def _wait_started(sidecar: RunningSidecar, seconds: float, cancellation: Cancellation) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not cancellation.is_set:
        sidecar.pump()
        if sidecar.process.wait(0) is not None:
            return
        time.sleep(0.01)


def _holds(session: Session, command: Command, probe: Mapping[str, Any]) -> bool:
    timeout = float(probe.get("timeoutSeconds", 1))
    if "exec" in probe:
        return _exec_holds(session, command, tuple(probe["exec"].get("command", ())), timeout)
    if "httpGet" in probe:
        return _http_holds(probe["httpGet"], timeout)
    port = (probe.get("tcpSocket") or probe.get("grpc") or {}).get("port")
    return True if port is None else _tcp_holds(int(port), timeout)


def _exec_holds(session: Session, command: Command, argv: tuple[str, ...], timeout: float) -> bool:
    import os
    from dataclasses import replace

    sink = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
    try:
        process = session.start(replace(command, argv=argv), stdout=sink, stderr=sink)
        code = process.wait(timeout)
        process.terminate()
        return code == 0
    except ExecutorError:
        return False
    finally:
        os.close(sink)


def _tcp_holds(port: int, timeout: float) -> bool:
    import socket

    try:
        with socket.create_connection(("127.0.0.1", port), timeout):
            return True
    except OSError:
        return False


def _http_holds(action: Mapping[str, Any], timeout: float) -> bool:
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", int(action.get("port", 80)), timeout=timeout)
    try:
        connection.request("GET", str(action.get("path", "/")) or "/")
        return 200 <= connection.getresponse().status < 400
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
