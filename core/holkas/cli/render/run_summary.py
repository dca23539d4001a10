"""What is said of a run at its end: each failure with its last lines, its log and the command that runs it again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from holkas.cli.render.printable import printable
from holkas.state.projection import RunView, StepView, TaskView

TAIL = 20
"""Lines of a failed step's log."""


def duration(seconds: float | None) -> str:
    """``0.4s``, ``12s``, ``3m05s``, ``2h03m``."""
    if seconds is None:
        return ""
    if seconds < 10:
        return f"{seconds:.1f}s"
    whole = int(seconds)
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m{whole % 60:02d}s"
    return f"{whole // 3600}h{whole % 3600 // 60:02d}m"


def summary_lines(view: RunView, directory: Path, command: Sequence[str]) -> list[str]:
    """The end of a run for a person to read."""
    lines: list[str] = []
    failed = [task for task in view.tasks.values() if task.status == "False"]
    for task in failed:
        lines += failure_lines(task, directory)
    for name, value in view.results.items():
        lines.append(f"result {name} = {printable(value if isinstance(value, str) else str(value))}")
    took = duration((view.finished or 0) - view.started) if view.started and view.finished else ""
    mark = "✔" if view.status == "True" else "✘"
    lines.append(f"{mark} {view.name}  {view.reason}{'  ' + took if took else ''}")
    if view.message and (view.status != "True" or view.kind == "PipelineRun"):
        lines.append(f"  {printable(view.message)}")
    if view.status != "True" and command:
        import shlex

        lines.append(f"  again: {shlex.join(command)}")
    return lines


def failure_lines(task: TaskView, directory: Path) -> list[str]:
    """A failed task: why, its failed step's last lines, the log's path."""
    lines = [f"✘ {task.pipeline_task or task.name}  {task.reason}"]
    if task.message:
        lines.append(f"  {printable(task.message)}")
    step = _culprit(task)
    if step is not None and step.log:
        path = directory / step.log
        tail = last_lines(path, TAIL)
        lines += [f"  │ {printable(line)}" for line in tail]
        lines.append(f"  log: {path}")
    return lines


def _culprit(task: TaskView) -> StepView | None:
    for step in task.steps.values():
        if step.state in ("Error", "TimeoutExceeded", "Cancelled", "running"):
            return step
    return None


def last_lines(path: Path, count: int) -> list[str]:
    """The last lines of a file of any size."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - 65536))
            data = file.read()
    except OSError:
        return []
    return data.decode("utf-8", "replace").splitlines()[-count:]
