"""What happens to Applications, told line by line on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any


def say(text: str) -> None:
    """A line of progress on standard error."""
    from holkas.cli.render.printable import printable

    print(printable(text), file=sys.stderr, flush=True)


def teller(*, quiet: bool = False) -> Callable[[str, str, Mapping[str, Any]], None]:
    """Tells what a sync does, a line each."""

    def told(name: str, kind: str, data: Mapping[str, Any]) -> None:
        line = line_of(name, kind, data)
        if line and not quiet:
            say(line)

    waiting: dict[str, str] = {}

    def once(name: str, kind: str, data: Mapping[str, Any]) -> None:
        if kind == "waiting":
            if waiting.get(name) == data["message"]:
                return
            waiting[name] = str(data["message"])
        told(name, kind, data)

    return once


def line_of(name: str, kind: str, data: Mapping[str, Any]) -> str:
    """What happened, for people; empty for what nobody wants to read."""
    who = f"{name}: " if name else ""
    match kind:
        case "result":
            told = f" ({data['message']})" if data["message"] else ""
            return f"{who}{data['key']} {data['code'] or data['state']}{told}"
        case "started":
            how = "" if data["by"] else " (automatic)"
            if data.get("delete"):
                return f"{who}deletion of its resources{how}"
            revisions = ", ".join(str(one)[:12] for one in data["revisions"])
            part = f", {len(data['selected'])} resources" if data["selected"] else ""
            return f"{who}sync to {revisions}{part}{how}"
        case "finished":
            return f"{who}{data['phase']}: {data['message']}"
        case "retry":
            return f"{who}{data['message']}; again in {data['seconds']:g} s"
        case "waiting" | "warning" | "refused":
            return f"{who}{'warning: ' if kind == 'warning' else ''}{data['message']}"
        case "status":
            return f"{who}{data['sync']}, {data['health']}"
        case "held":
            return f"{who}kept at entry {data['id']} of its history"
        case "released":
            return f"{who}no longer kept at an older state: {data['reason']}"
        case "gone":
            if data.get("parent"):
                return f"{who}is no longer declared; its resources go when {data['parent']} lets it go"
            return f"{who}is no longer declared; its resources stay"
    return ""
