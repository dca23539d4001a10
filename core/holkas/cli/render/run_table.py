"""Runs as tables and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from holkas.cli.render.outcome_words import origin_words, skip_words
from holkas.cli.render.printable import printable
from holkas.cli.render.run_summary import duration
from holkas.cli.render.table import Column, emit, emit_one
from holkas.state.projection import RunView, StepView, TaskView
from holkas.state.run_summary import RunSummary


def emit_runs(runs: Sequence[RunSummary], output: str, *, now: float) -> None:
    """A list of runs; JSON shape ``RunList``."""
    columns: list[Column] = [
        ("run", lambda item: item["name"]),
        ("name", lambda item: item["run"]),
        ("kind", lambda item: item["runKind"]),
        ("state", lambda item: item["state"]),
        ("started", lambda item: f"{duration(now - item['created'])} ago"),
        ("took", lambda item: duration(item["finished"] - item["created"]) if item["finished"] else ""),
        ("source", lambda item: item["source"]),
    ]
    emit([_summary(run) for run in runs], columns, output, kind="RunList")


def _summary(run: RunSummary) -> dict[str, Any]:
    return {
        "name": run.id,
        "run": run.name,
        "runKind": run.kind,
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
    if not summary.alive:
        view.interrupt()
    item = {**_summary(summary), **_details(view, directory)}
    emit_one(item, output, kind="Run", text=lambda _: "\n".join(_lines(summary, view, directory)))


def _lines(summary: RunSummary, view: RunView, directory: Path) -> list[str]:
    lines = [f"{summary.name}  {summary.state}  {summary.kind}  {summary.id}"]
    if summary.message:
        lines.append(f"  {printable(summary.message)}")
    for task in view.tasks.values():
        lines.append(f"  {task.name}  {task.reason}{origin_words(task.origin)}  {_took(task)}".rstrip())
        for step in task.steps.values():
            code = f"  exit {step.exit_code}" if step.exit_code else ""
            lines.append(f"    {step.name}  {step.state}{code}  {_took(step)}".rstrip())
        lines += [f"    result {name} = {_text(value)}" for name, value in task.results.items()]
    lines += [f"  {name}  {skip_words(reason)}" for name, reason in view.skipped.items()]
    lines += [f"  result {name} = {_text(value)}" for name, value in view.results.items()]
    lines.append(f"  directory: {directory}")
    return lines


def _text(value: object) -> str:
    return printable(value if isinstance(value, str) else json.dumps(value))


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
                "origin": task.origin,
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
