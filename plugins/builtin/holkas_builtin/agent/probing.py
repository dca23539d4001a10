"""Whether what was deployed is well: a request to a port of this machine, or a command."""

from __future__ import annotations

import http.client
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from .service import ServiceStatus
from .settings import HealthSettings, expanded

_REQUEST_TIMEOUT = 5.0
SETTLED, SETTLED_BESIDE_OTHERS = 0.3, 2.0
"""Seconds that a process has to stay up where no health check tells of it: because there is none, or because what it
looks at was well before the process was started."""


def fault_now(
    health: HealthSettings, directory: Path, environ: Mapping[str, str], values: Mapping[str, str]
) -> str:
    """Why it is not well, in one sentence; empty when it is, or when there is nothing to look at."""
    if health.http:
        return _http_fault(expanded(health.http, values))
    if health.command:
        return _command_fault([expanded(one, values) for one in health.command], directory, environ)
    return ""


def fault_after_start(
    look: Callable[[], str], status: Callable[[], ServiceStatus], health: HealthSettings, *, settle: float
) -> str:
    """Look until it is well or its time is over; the last fault, or empty. One that ends again and again is a fault.

    settle: seconds that it has to stay up at least.
    """
    end, first = time.monotonic() + health.timeout, status().starts
    settled = time.monotonic() + settle
    while True:
        before = status()
        fault = look() if before.running else f"the process ended with exit code {before.last_exit}"
        after = status()
        # Somebody else's process may answer on the port: only an answer while ours runs, without a restart, counts.
        if not fault and after.running and after.starts == before.starts and time.monotonic() >= settled:
            return ""
        if not after.supervised:
            return "its supervisor has ended"
        if after.starts - first >= 2:
            return f"the process ends again and again, last with exit code {after.last_exit}"
        if time.monotonic() >= end:
            return fault or "the process does not stay up"
        time.sleep(health.interval)


def _http_fault(url: str) -> str:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    try:
        connection = kind(parts.hostname or "", parts.port, timeout=_REQUEST_TIMEOUT)
        try:
            connection.request("GET", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
            status = connection.getresponse().status
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        return f"{url} does not answer: {error or type(error).__name__}"
    return "" if 200 <= status < 400 else f"{url} answers with status {status}"


def _command_fault(words: list[str], directory: Path, environ: Mapping[str, str]) -> str:
    try:
        done = subprocess.run(
            words,
            cwd=directory,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_REQUEST_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"the health check {words[0]} does not end in {_REQUEST_TIMEOUT:g} s"
    except OSError as error:
        return f"the health check {words[0]} cannot be started: {error.strerror}"
    return (
        "" if done.returncode == 0 else f"the health check {words[0]} ends with exit code {done.returncode}"
    )
