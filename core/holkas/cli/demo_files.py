"""The project that ``holkas demo`` lays down: templates of this package, with the ports that are free here."""

from __future__ import annotations

import os
import random
import re
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path

TEMPLATES = Path(__file__).with_name("demo_project")
ENVIRONMENTS = ("dev", "test", "stage", "prod")

_FIRST, _LAST, _TRIES = 20_000, 30_000, 200
"""Ports below those from which systems take a sender's own."""

_PORT = re.compile(r"PORT: \"(\d+)\"")


def lay_down(directory: Path, values: Mapping[str, str]) -> list[Path]:
    """Write every template with ``@NAME@`` replaced; the files. What is there already is written anew."""
    made = []
    for template in sorted(TEMPLATES.rglob("*.in")):
        name = template.relative_to(TEMPLATES).with_suffix("")
        path = directory / (name.parent / ".gitignore" if name.name == "gitignore" else name)
        text = template.read_text(encoding="utf-8")
        for key, value in values.items():
            text = text.replace(f"@{key}@", value)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.new")
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
        made.append(path)
    return made


def free_ports(count: int) -> list[int]:
    """Ports of this machine, one beside the other, on which nothing listens. Raises OSError where none can be found."""
    chance = random.SystemRandom()
    for _ in range(_TRIES):
        first = chance.randrange(_FIRST, _LAST - count) // 10 * 10
        ports = list(range(first + 1, first + 1 + count))
        if all(_is_free(port) for port in ports):
            return ports
    raise OSError(f"no {count} free ports were found between {_FIRST} and {_LAST}")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        if os.name == "posix":  # as servers do: a port whose last connection has just ended is free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def addresses(directory: Path) -> dict[str, str]:
    """Environment → URL, as the project's holkas.yaml has it; empty where it is none of ours."""
    try:
        text = (directory / "holkas.yaml").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return {}
    ports: Sequence[str] = _PORT.findall(text)
    if len(ports) != len(ENVIRONMENTS):
        return {}
    return {name: f"http://127.0.0.1:{port}/" for name, port in zip(ENVIRONMENTS, ports, strict=True)}
