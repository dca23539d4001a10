"""Readiness probes: a program inside the sidecar's world, or a port of this host."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from holkas.extensions.executor import Command, ExecutorError, Process, Session
from holkas.records import replace

_SCHEMES = {"HTTP": 80, "HTTPS": 443}


def holds(session: Session, process: Process, command: Command, probe: Mapping[str, Any]) -> bool:
    """Whether a probe (exec, httpGet, tcpSocket or grpc, as in the manifest) holds now.

    process, command: the sidecar's.

    A port by name cannot be looked up and does not hold; a probe without an action does. ``timeoutSeconds`` is 1 by
    default, as in Kubernetes.
    """
    timeout = float(probe.get("timeoutSeconds", 1))
    if "exec" in probe:
        command = replace(command, argv=tuple(probe["exec"].get("command", ())), by_image=False)
        return _exec_holds(session, process, command, timeout)
    if "httpGet" in probe:
        return _http_holds(process.address, probe["httpGet"], timeout)
    action = probe.get("tcpSocket", probe.get("grpc"))
    return True if action is None else _tcp_holds(process.address, _port(action.get("port")), timeout)


def _exec_holds(session: Session, process: Process, command: Command, timeout: float) -> bool:
    sink = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
    try:
        started = session.start_beside(process, command, stdout=sink, stderr=sink)
        code = started.wait(timeout)
        started.terminate()
        return code == 0
    except ExecutorError:
        return False
    finally:
        os.close(sink)


def _tcp_holds(address: str, port: int, timeout: float) -> bool:
    import socket

    try:
        with socket.create_connection((address, port), timeout):
            return True
    except OSError:
        return False


def _http_holds(address: str, action: Mapping[str, Any], timeout: float) -> bool:
    """Kubernetes takes every status from 200 to 399, and does not check certificates."""
    import http.client
    import ssl

    scheme = str(action.get("scheme") or "HTTP").upper()
    port = _port(action.get("port", _SCHEMES.get(scheme)))
    connection: http.client.HTTPConnection
    if scheme == "HTTPS":
        unchecked = ssl._create_unverified_context()  # noqa: S323 - as the kubelet: a probe sends no secret
        connection = http.client.HTTPSConnection(address, port, timeout=timeout, context=unchecked)
    else:
        connection = http.client.HTTPConnection(address, port, timeout=timeout)
    headers = {
        str(header.get("name")): str(header.get("value", "")) for header in action.get("httpHeaders", ())
    }
    try:
        connection.request("GET", str(action.get("path") or "/"), headers=headers)
        return 200 <= connection.getresponse().status < 400
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _port(value: object) -> int:
    """The number of a port; 0, on which nobody listens, for a name."""
    text = str(value)
    return int(text) if text.isdigit() and int(text) < 65536 else 0
