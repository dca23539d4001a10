"""``holkas proj``: what projects permit, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from holkas.cli.app import App
from holkas.cli.errors import FAILED, OK, CommandError

if TYPE_CHECKING:
    from datetime import datetime

    from holkas.extensions.declared import Declared
    from holkas.gitops.project import WindowState
    from holkas.model.project import Project

_FORM = click.option(
    "-o",
    "--output",
    type=click.Choice(["table", "json", "yaml", "name"]),
    default="table",
    show_default=True,
    help="Form of the answer.",
)
_FILES = click.argument("files", nargs=-1, required=True, metavar="FILE|DIR|- …")


@click.group(name="proj", short_help="Say what Argo CD's projects permit, and when.")
def command() -> None:
    """AppProjects of files: what they permit, which applications keep to it, and when syncs may run."""


@command.command(name="list")
@_FILES
@_FORM
@click.pass_obj
def list_(app: App, files: tuple[str, ...], output: str) -> int:
    """List the projects of the files, with the number of their applications and their windows."""
    from holkas.cli.app.declared import read_declared
    from holkas.cli.render.table import emit

    declared = read_declared(app, files)
    names = [item.application.project_name for item in declared.applications]
    items = [
        {
            "name": project.name,
            "sources": len(project.source_repositories),
            "destinations": len(project.destinations),
            "windows": len(project.sync_windows),
            "applications": names.count(project.name),
            "description": project.description,
        }
        for project in declared.projects
    ]
    titles = ("name", "sources", "destinations", "windows", "applications", "description")
    emit(items, [(title, _cell(title)) for title in titles], output, kind="ProjectList")
    return OK


@command.command()
@click.argument("name")
@_FILES
@_FORM
@click.option("--at", metavar="TIME", help="Judge the windows at this time (ISO 8601).  [default: now]")
@click.pass_obj
def get(app: App, name: str, files: tuple[str, ...], output: str, at: str | None) -> int:
    """Show one project: what it permits, and which of its windows are open."""
    from holkas.cli.app.declared import read_declared
    from holkas.cli.render.table import emit_one

    declared = read_declared(app, files)
    project = _project(declared, name)
    windows = [_window(state) for state in _states(project, _moment(at))]
    item = {
        "name": project.name,
        "description": project.description,
        "sourceRepos": list(project.source_repositories),
        "destinations": [
            {"server": place.server, "name": place.name, "namespace": place.namespace}
            for place in project.destinations
        ],
        "sourceNamespaces": list(project.source_namespaces),
        "windows": windows,
    }
    emit_one(item, output, kind="Project", text=_text)
    return OK


@command.command()
@_FILES
@_FORM
@click.option("--at", metavar="TIME", help="Judge the windows at this time (ISO 8601).  [default: now]")
@click.pass_obj
def check(app: App, files: tuple[str, ...], output: str, at: str | None) -> int:
    """Say of every application whether its project permits it, why not, and whether it may be synced now.

    Applications whose project is in none of the files are shown as unknown.

    Exit code: 0 all are permitted, 1 some are not.
    """
    from holkas.cli.app.declared import read_declared
    from holkas.cli.render.table import emit

    declared = read_declared(app, files)
    items = _verdicts(declared, _moment(at))
    columns = [
        ("application", _cell("name")),
        ("project", _cell("project")),
        ("permitted", _cell("permitted")),
        ("sync", _cell("sync")),
        ("reason", lambda item: "; ".join(item["reasons"])),
    ]
    emit(items, columns, output, kind="ProjectCheckList")
    return FAILED if any(item["permitted"] == "no" for item in items) else OK


def _verdicts(declared: Declared, now: datetime) -> list[dict[str, Any]]:
    from holkas.gitops.project import can_sync, windows_of
    from holkas.gitops.project.judgement import refusals

    projects: dict[str, Project] = {}
    for project in declared.projects:
        projects.setdefault(project.name, project)
    items = []
    for entry in declared.applications:
        application = entry.application
        found = projects.get(application.project_name)
        item = {"name": application.name, "project": application.project_name, "reasons": []}
        if found is None:
            items.append({**item, "permitted": "unknown", "sync": "unknown"})
            continue
        reasons = [refusal.message for refusal in refusals(found, application, declared.clusters)]
        windows = windows_of(found, application)
        sync = (
            "open"
            if can_sync(windows, now)
            else "by hand"
            if can_sync(windows, now, manual=True)
            else "closed"
        )
        items.append({**item, "permitted": "no" if reasons else "yes", "sync": sync, "reasons": reasons})
    return items


def _project(declared: Declared, name: str) -> Project:
    for project in declared.projects:
        if project.name == name:
            return project
    from difflib import get_close_matches

    names = [project.name for project in declared.projects]
    near = get_close_matches(name, names, 1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(names) or 'none'}"
    raise CommandError(f"the files have no project {name}", hint=hint)


def _states(project: Project, now: datetime) -> Sequence[WindowState]:
    from holkas.gitops.project import window_states

    return window_states(project.sync_windows, now)


def _window(state: WindowState) -> dict[str, Any]:
    window = state.window
    return {
        "kind": window.kind,
        "schedule": window.schedule,
        "duration": window.duration,
        "timeZone": window.time_zone or "UTC",
        "active": state.active,
        "opens": state.opens.isoformat() if state.opens else None,
        "closes": state.closes.isoformat() if state.closes else None,
        "applications": list(window.applications),
        "namespaces": list(window.namespaces),
        "clusters": list(window.clusters),
    }


def _text(item: Mapping[str, Any]) -> str:
    from holkas.cli.render.table import table

    lines = [f"project {item['name']}", *([item["description"]] if item["description"] else [])]
    lines += [f"  source       {source}" for source in item["sourceRepos"]]
    lines += [
        f"  destination  {place['server'] or place['name']} {place['namespace']}"
        for place in item["destinations"]
    ]
    if item["windows"]:
        titles = ("kind", "schedule", "duration", "zone", "now", "until")
        rows = [
            (
                window["kind"],
                window["schedule"],
                window["duration"],
                window["timeZone"],
                "open" if window["active"] else "closed",
                (window["closes"] if window["active"] else window["opens"]) or "for ever",
            )
            for window in item["windows"]
        ]
        lines += ["", table(titles, rows)]
    return "\n".join(lines)


def _moment(text: str | None) -> datetime:
    from datetime import UTC, datetime

    if text is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text} is no time", hint="write it as 2026-01-31T18:00:00+01:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _cell(name: str) -> Any:
    return lambda item: item[name]
