"""Progress as a tree that changes in place: run > task > step. What has finished folds to a line."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TextIO

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from holkas.cli.render.outcome_words import origin_words, skip_words
from holkas.cli.render.printable import printable
from holkas.cli.render.progress_view import Summary
from holkas.cli.render.run_summary import duration
from holkas.model.run_event import RunEvent, RunEventKind
from holkas.state.projection import RunView, StepView, TaskView

_STYLES = {"True": ("✔", "green"), "False": ("✘", "red"), "Unknown": ("●", "cyan")}
_WIDEST_LINE = 100


class LiveProgress:
    """Shows the run on a terminal; the last line that a running step printed stands beside it."""

    summary: Summary = "always"

    def __init__(self, out: TextIO) -> None:
        self._console = Console(file=out, highlight=False)
        self._view = RunView()
        self._last_line: dict[tuple[str, str], str] = {}
        self._live = Live(
            console=self._console, get_renderable=self._tree, refresh_per_second=8, transient=False
        )
        self._spinner = Spinner("dots")
        self._started = False

    def events(self, events: Iterable[RunEvent]) -> None:
        """Take events; the screen follows a moment later."""
        for event in events:
            self._take(event)

    def _take(self, event: RunEvent) -> None:
        if event.kind is RunEventKind.LOG:
            lines = [line for line in event.data["text"].split("\n") if line.strip()]
            if lines:
                self._last_line[(event.task, event.step)] = printable(lines[-1])[:_WIDEST_LINE]
            return
        self._view.apply(event)
        if not self._started and event.kind is RunEventKind.RUN_STARTED:
            self._live.start()
            self._started = True

    def close(self) -> None:
        """Draw the tree a last time and leave it standing."""
        if self._started:
            self._live.stop()
            self._started = False

    def _tree(self) -> Tree:
        view = self._view
        tree = Tree(self._heading())
        for level, text in view.notes:
            tree.add(Text(printable(text), style="yellow" if level == "warning" else "dim"))
        tasks = list(view.tasks.values())
        room = max(6, self._console.size.height - 8)
        running = [task for task in tasks if task.running]
        finished = [task for task in tasks if not task.running]
        shown = finished[-max(0, room - 3 * len(running)) :] if len(tasks) > room else finished
        if len(shown) < len(finished):
            tree.add(Text(f"… {len(finished) - len(shown)} more that ended", style="dim"))
        for task in shown:
            tree.add(_finished_line(task))
        for task in running[:room]:
            self._add_running(tree, task)
        for name, reason in view.skipped.items():
            tree.add(Text.assemble(("○ ", "dim"), (name, "dim"), (f"  {skip_words(reason)}", "dim")))
        started = {task.pipeline_task for task in tasks} | set(view.skipped)
        waiting = [name for name in (*view.planned, *view.finally_tasks) if name not in started]
        if waiting and view.status == "Unknown" and view.kind == "PipelineRun":
            names = ", ".join(waiting[:6]) + (" …" if len(waiting) > 6 else "")
            tree.add(Text(f"waiting: {names}", style="dim"))
        return tree

    def _heading(self) -> Text:
        view = self._view
        mark, style = _STYLES.get(view.status, _STYLES["Unknown"])
        end = view.finished or time.time()
        took = duration(end - view.started) if view.started else ""
        return Text.assemble((f"{mark} ", style), (view.name, "bold"), f"  {view.reason}  ", (took, "dim"))

    def _add_running(self, tree: Tree, task: TaskView) -> None:
        line = Table.grid(padding=(0, 1))
        attempt = f" (attempt {task.attempt + 1})" if task.attempt else ""
        took = duration(time.time() - task.started) if task.started else ""
        line.add_row(self._spinner, Text.assemble((task.name + attempt, "bold"), (f"  {took}", "dim")))
        branch = tree.add(line)
        for step in task.steps.values():
            branch.add(self._step_line(task, step))

    def _step_line(self, task: TaskView, step: StepView) -> Text:
        if step.state == "waiting":
            return Text(f"· {step.name}", style="dim")
        if step.state == "running":
            last = self._last_line.get((task.name, step.name), "")
            return Text.assemble((f"▸ {step.name}", "cyan"), (f"  {last}", "dim"))
        good = step.state in ("Completed", "Continued", "Skipped")
        return Text(f"{'✔' if good else '✘'} {step.name}  {step.state}", style="green" if good else "red")


def _finished_line(task: TaskView) -> Text:
    mark, style = _STYLES.get(task.status, _STYLES["Unknown"])
    took = duration(task.finished - task.started) if task.finished and task.started else ""
    parts = [
        (f"{mark} ", style),
        (task.name, ""),
        (f"  {task.reason}{origin_words(task.origin)}", style if task.status == "False" else "dim"),
    ]
    return Text.assemble(*parts, (f"  {took}", "dim"))
