"""Prints log files as they grow, each line with its task and step before it when there are several."""

from __future__ import annotations

import sys

from holkas.cli.render.printable import printable
from holkas.model.run_event import RunEventKind
from holkas.state.store import Store


class LogReader:
    """Follows the steps of one run. ``seen``: whether there was any step of the wanted task."""

    def __init__(self, store: Store, run_id: str, task: str = "") -> None:
        self._store = store
        self._run_id = run_id
        self._task = task
        self._after = 0
        self._offsets: dict[tuple[str, str, str], int] = {}
        self._wanted: set[str] = set()
        self.seen = False

    def print_new(self) -> None:
        """Print what has been added since the last call."""
        for seq, event in self._store.events(self._run_id, after=self._after):
            self._after = seq
            if event.kind is RunEventKind.TASK_STARTED:
                if not self._task or self._task in (event.task, event.data.get("pipeline_task")):
                    self._wanted.add(event.task)
            elif event.kind is RunEventKind.STEP_STARTED and event.task in self._wanted:
                self.seen = True
                self._offsets[(event.task, event.step, event.data.get("log", ""))] = 0
        for key in self._offsets:
            self._print(key)

    def _print(self, key: tuple[str, str, str]) -> None:
        task, step, log = key
        path = self._store.directory(self._run_id).path / log
        try:
            with path.open("rb") as file:
                file.seek(self._offsets[key])
                data = file.read()
        except OSError:
            return
        whole = data.rfind(b"\n") + 1
        if not whole and data and not self._store.run(self._run_id).alive:
            whole = len(data)
        self._offsets[key] += whole
        for line in data[:whole].decode("utf-8", "replace").splitlines():
            sys.stdout.write(f"[{task} : {step}] {printable(line)}\n")
        sys.stdout.flush()
