"""Runs as tables and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from holkas.cli.render.run_summary import duration
from holkas.cli.render.table import emit
from holkas.state.projection import RunView, StepView, TaskView
from holkas.state.run_summary import RunSummary


def emit_runs(runs: Sequence[RunSummary], output: str, *, now: float) -> None:
    """A list of runs; JSON shape ``RunList``."""
    items = [_summary(run) for run in runs]
    if output == "table":
        rows = [
            {
                "name": run.id,
                "run": run.name,
                "kind": run.kind,
                "state": run.state,
                "started": f"{duration(now - run.created)} ago",
                "took": duration(run.finished - run.created) if run.finished else "",
                "source": run.source,
            }
            for run in runs
        ]
        emit(rows, ("name", "run", "kind", "state", "started", "took", "source"), "table")
    else:
        emit(items, ("name",), output, kind="RunList")


def _summary(run: RunSummary) -> dict[str, Any]:
    return {
        "name": run.id,
        "run": run.name,
        "kind": run.kind,
        "state": run.state,
        "status": run.status,
        "reason": run.reason,
        "message": run.message,
        "source": run.source,
        "project": run.project,
        "executor": run.executor,
        "command": list(run.command),
        "created": run.created,
        "finished": run.finished,
    }


def emit_run(summary: RunSummary, view: RunView, directory: Path, output: str) -> None:
    """One run with its tasks; JSON shape ``Run``."""
    if output != "table":
        emit([{**_summary(summary), **_details(view, directory)}], ("name",), output, kind="RunList")
        return
    click.echo(f"{summary.name}  {summary.state}  {summary.kind}  {summary.id}")
    if summary.message:
        click.echo(f"  {summary.message}")
    for task in view.tasks.values():
        state = "Interrupted" if task.running and not summary.alive else task.reason
        click.echo(f"  {task.name}  {state}  {_took(task)}".rstrip())
        for step in task.steps.values():
            state = "interrupted" if step.state == "running" and not summary.alive else step.state
            code = f"  exit {step.exit_code}" if step.exit_code else ""
            click.echo(f"    {step.name}  {state}{code}  {_took(step)}".rstrip())
        for name, value in task.results.items():
            click.echo(f"    result {name} = {value}")
    for name, reason in view.skipped.items():
        click.echo(f"  {name}  skipped: {reason}")
    for name, value in view.results.items():
        click.echo(f"  result {name} = {value}")
    click.echo(f"  directory: {directory}")


def _took(part: TaskView | StepView) -> str:
    return duration(part.finished - part.started) if part.started and part.finished else ""


def _details(view: RunView, directory: Path) -> dict[str, Any]:
    return {
        "directory": str(directory),
        "results": view.results,
        "skipped": [{"name": name, "reason": reason} for name, reason in view.skipped.items()],
        "tasks": [
            {
                "name": task.name,
                "pipelineTask": task.pipeline_task,
                "status": task.status,
                "reason": task.reason,
                "message": task.message,
                "attempt": task.attempt,
                "started": task.started,
                "finished": task.finished,
                "results": task.results,
                "steps": [
                    {
                        "name": step.name,
                        "state": step.state,
                        "exitCode": step.exit_code,
                        "started": step.started,
                        "finished": step.finished,
                        "log": step.log,
                    }
                    for step in task.steps.values()
                ],
            }
            for task in view.tasks.values()
        ],
    }
