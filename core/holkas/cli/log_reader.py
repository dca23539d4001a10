"""Prints log files as they grow, each line with its task and step before it."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

from holkas.cli.render.printable import printable
from holkas.model.run_event import RunEventKind
from holkas.records import dataclass
from holkas.state.store import Store

_PIECE = 1 << 20


@dataclass(slots=True)
class _Log:
    """A step's log file, how far it was printed, and the beginning of its next line."""

    task: str
    step: str
    path: Path
    offset: int = 0
    line: bytes = b""


class LogReader:
    """Follows the steps of one run. ``seen``: whether there was any step of the wanted task."""

    def __init__(self, store: Store, run_id: str, out: TextIO, task: str = "") -> None:
        self._store = store
        self._run_id = run_id
        self._out = out
        self._task = task
        self._after = 0
        self._logs: dict[str, _Log] = {}
        self._wanted: set[str] = set()
        self.seen = False

    def print_new(self, *, last: bool = False) -> None:
        """Print what has been added since the last call; ``last``: nothing more will come, print lines without end."""
        directory = self._store.directory(self._run_id).path
        for seq, event in self._store.events(self._run_id, after=self._after):
            self._after = seq
            if event.kind is RunEventKind.TASK_STARTED:
                if not self._task or self._task in (event.task, event.data.get("pipeline_task")):
                    self._wanted.add(event.task)
            elif event.kind is RunEventKind.STEP_STARTED and event.task in self._wanted:
                self.seen = True
                name = event.data["log"]
                self._logs.setdefault(name, _Log(event.task, event.step, directory / name))
        for log in self._logs.values():
            self._print(log, last=last)
        self._out.flush()

    def _print(self, log: _Log, *, last: bool) -> None:
        try:
            with log.path.open("rb") as file:
                file.seek(log.offset)
                while piece := file.read(_PIECE):
                    log.offset += len(piece)
                    *lines, log.line = (log.line + piece).split(b"\n")
                    self._say(log, lines)
        except OSError:
            return  # it was removed meanwhile
        if last and log.line:
            self._say(log, [log.line])
            log.line = b""

    def _say(self, log: _Log, lines: list[bytes]) -> None:
        where = f"[{log.task} : {log.step}] "
        self._out.writelines(f"{where}{printable(line.decode('utf-8', 'replace'))}\n" for line in lines)
