"""The process in which libraries render: limited in memory, without the user's environment, ended when it takes too long.

A request and an answer are each a line with a length and so many bytes of JSON. Renderers are other people's programs
over other people's files, so nothing of holkas itself is at stake here: no secret, no open file, no writable place.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

MEMORY = 4 << 30
"""Bytes of address space, of which a Go program reserves far more than it uses."""

MAX_OUTPUT = 64 << 20
"""Bytes of one answer."""


def main() -> None:
    """Answer until standard input ends."""
    limit()
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints is no answer
    while header := source.readline():
        request = json.loads(source.read(int(header)))
        try:
            answer = OPERATIONS[request["op"]](request)
        except MemoryError:
            answer = {"error": "it needs too much memory"}
        data = json.dumps(answer).encode()
        if len(data) > MAX_OUTPUT:
            data = json.dumps({"error": f"it gives more than {MAX_OUTPUT >> 20} MiB"}).encode()
        sink.write(b"%d\n" % len(data) + data)
        sink.flush()


def limit() -> None:
    """Bound memory; no core files, and no file grows."""
    import resource

    for kind, value in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, MAX_OUTPUT),
    ):
        try:
            resource.setrlimit(kind, (value, value))
        except (ValueError, OSError):  # a system that has no such limit, or already a lower one
            continue


def _helm(request: dict[str, Any]) -> dict[str, Any]:
    from holkas_compat.argocd.rendering.helm.library import render

    return render(request)


def _jsonnet(request: dict[str, Any]) -> dict[str, Any]:
    from holkas_compat.argocd.rendering.jsonnet_library import evaluate

    return evaluate(request)


def _jq(request: dict[str, Any]) -> dict[str, Any]:
    """The places that an expression names. ``expression``, ``manifest``; ``bad`` where it is no expression."""
    try:
        import jq
    except ImportError:
        return {"absent": True}
    try:
        program = jq.compile(f"[path({request['expression']})]")
    except ValueError as error:
        return {"bad": str(error).splitlines()[0][:400]}
    try:
        return {"places": program.input_value(request["manifest"]).first()}
    except (ValueError, StopIteration):
        return {"places": []}  # it does not fit this manifest, and so names nothing in it


def _jq_without(request: dict[str, Any]) -> dict[str, Any]:
    """A value without what expressions name, one after another. ``value``, ``expressions``; ``bad`` where one is none,
    ``failed`` where one does not fit the value."""
    try:
        import jq
    except ImportError:
        return {"absent": True}
    value = request["value"]
    for expression in request["expressions"]:
        try:
            program = jq.compile(f"del({expression})")
        except ValueError as error:
            return {"bad": f"{expression}: {error}".splitlines()[0][:400]}
        try:
            value = program.input_value(value).first()
        except (ValueError, StopIteration):
            return {"failed": expression}
    return {"value": value}


def _run(request: dict[str, Any]) -> dict[str, Any]:
    """Run a program to its end. ``words``, ``directory``, ``environ``, ``seconds``."""
    import subprocess

    try:
        process = subprocess.Popen(
            request["words"],
            cwd=request["directory"],
            env=request["environ"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    except OSError as error:
        return {"error": f"{request['words'][0]} cannot be started: {error.strerror}"}
    out, err = _both(process)
    code = process.wait()
    if out is None:
        return {"error": f"it prints more than {MAX_OUTPUT >> 20} MiB"}
    return {"code": code, "text": out.decode("utf-8", "replace"), "said": err.decode("utf-8", "replace")}


def _both(process: Any) -> tuple[bytes | None, bytes]:
    import selectors

    pieces: dict[Any, list[bytes]] = {process.stdout: [], process.stderr: []}
    size = 0
    with selectors.DefaultSelector() as selector:
        for stream in pieces:
            selector.register(stream, selectors.EVENT_READ)
        while selector.get_map():
            for key, _ in selector.select():
                data = os.read(key.fd, 1 << 18)
                if not data:
                    selector.unregister(key.fileobj)
                pieces[key.fileobj].append(data)
                size += len(data)
                if size > MAX_OUTPUT:
                    process.kill()
                    return None, b""
    return b"".join(pieces[process.stdout]), b"".join(pieces[process.stderr])


OPERATIONS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "helm": _helm,
    "jsonnet": _jsonnet,
    "jq": _jq,
    "jq-without": _jq_without,
    "run": _run,
}


if __name__ == "__main__":
    main()
