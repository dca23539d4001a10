"""Runs Tekton manifests through the importer and the local build server, all in this process."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from holkas.extensions.importer import RunWish
from holkas.model.finding import Severity
from holkas.model.param import Result
from holkas.model.record import PipelineRunRecord, TaskRunRecord
from holkas.model.run import Run
from holkas.model.run_event import RunEvent
from holkas.model.run_request import RunOptions, RunRequest
from holkas.model.value import Value
from holkas.plugins.custom_kinds import served_kinds
from holkas.plugins.inventory import Entry, entries
from holkas.plugins.manager import PluginManager
from holkas.yaml import Source, load_documents
from holkas_builtin.runner.build_server import LocalBuildServer
from holkas_compat.tekton.importer import TektonImporter

EXECUTORS = ("process", "sandbox")
IMPORTER = TektonImporter()


@cache
def why_not(executor: str) -> str:
    """Why an executor does not work on this machine; empty when it does."""
    plugins = PluginManager.for_project(Path(), os.environ, Path())
    tool = plugins.make("executors", executor, {})
    try:
        reason: str = tool.check()
    finally:
        tool.close()
    return reason


def need(executor: str) -> str:
    """The executor's name; skips where it does not work."""
    reason = why_not(executor)
    if reason:
        pytest.skip(f"the executor {executor} does not work here: {reason}")
    return executor


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A run that has ended, with everything that can be known of it."""

    id: str
    run: Run
    record: TaskRunRecord | PipelineRunRecord
    events: tuple[RunEvent, ...]
    directory: Path

    @property
    def manifest(self) -> dict[str, Any]:
        """As ``-o json`` gives it."""
        return IMPORTER.manifest(self.run, self.record)

    @property
    def status(self) -> dict[str, Any]:
        found: dict[str, Any] = self.manifest["status"]
        return found

    @property
    def ending(self) -> tuple[str, str]:
        """Status and reason of the run."""
        return self.record.condition.status, self.record.condition.reason

    @property
    def message(self) -> str:
        return self.record.condition.message

    @property
    def results(self) -> dict[str, Value]:
        return values(self.record.results)

    @property
    def skipped(self) -> dict[str, str]:
        assert isinstance(self.record, PipelineRunRecord)
        return {task.name: task.reason for task in self.record.skipped}

    def task(self, name: str = "") -> TaskRunRecord:
        """The one task run of a pipeline task (pipelines in pipelines included), or the run itself."""
        if isinstance(self.record, TaskRunRecord):
            return self.record
        (found,) = [child for child in children(self.record) if child.pipeline_task == name]
        return found

    def endings(self) -> dict[str, str]:
        """Reason of each task run, without the run's own name before it."""
        assert isinstance(self.record, PipelineRunRecord)
        return {
            child.name.removeprefix(f"{self.run.name}-"): child.condition.reason
            for child in children(self.record)
        }

    def log(self, task: str = "", step: str = "unnamed-0") -> str:
        """A step's log file; ``task``: name of the task run without the run's own."""
        name = f"{self.run.name}-{task}" if task else self.run.name
        return (self.directory / "logs" / name / f"{step}.log").read_text("utf-8", "replace")

    def times(self, kind: str) -> dict[str, int]:
        """Place of the first event of a kind for each task, without the run's own name before it."""
        found: dict[str, int] = {}
        for place, event in enumerate(self.events):
            if event.kind.value == kind:
                found.setdefault(event.task.removeprefix(f"{self.run.name}-"), place)
        return found


def values(results: tuple[Result, ...]) -> dict[str, Value]:
    """Results by their names, arrays as lists."""
    return {
        result.name: list(result.value) if isinstance(result.value, tuple) else result.value
        for result in results
    }


def children(record: PipelineRunRecord) -> Iterator[TaskRunRecord]:
    """Task runs of a pipeline run, those of pipelines inside it included."""
    for child in record.children:
        if isinstance(child, TaskRunRecord):
            yield child
        else:
            yield from children(child)


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """A build server with its state under ``root``, and an executor."""

    root: Path
    server: LocalBuildServer
    executor: str
    custom_tasks: frozenset[str] = frozenset()

    @classmethod
    def make(
        cls,
        root: Path,
        executor: str,
        settings: Mapping[str, Mapping[str, Any]] | None = None,
        given: Mapping[str, object] | None = None,
    ) -> Runner:
        """``settings``: options of executors by their names. ``given``: further hooks modules by their names."""
        plugins = PluginManager(
            lambda: [entry for entry in entries(sys.path) if entry.distribution == "holkas"],
            project=root,
            state=root / "state",
            settings=lambda hook, name: (settings or {}).get(name, {}),
            given={
                Entry(name=name, module=name, distribution=f"test-{name}", version="1"): module
                for name, module in (given or {}).items()
            },
        )
        server = plugins.make("build_servers", "local", {})
        return cls(root=root, server=server, executor=executor, custom_tasks=served_kinds(plugins))

    def start(self, text: str, *, params: Mapping[str, Value] | None = None, jobs: int = 0) -> list[Started]:
        """Start every run of a manifest, one by one as they are asked for."""
        return [
            Started(runner=self, request=request)
            for request in self.requests(text, params=params or {}, jobs=jobs)
        ]

    def run(self, text: str, *, params: Mapping[str, Value] | None = None, jobs: int = 0) -> Finished:
        """Carry out the one run of a manifest (the first where there are several)."""
        started, *_ = self.start(text, params=params, jobs=jobs)
        return started.begin().finish()

    def requests(self, text: str, *, params: Mapping[str, Value], jobs: int) -> list[RunRequest]:
        text = textwrap.dedent(text) if text.startswith("\n") else text
        source = Source("run.yaml", text.encode())
        loaded = IMPORTER.load(
            load_documents(source), RunWish(params=params, seed="s", custom_tasks=self.custom_tasks)
        )
        wrong = [finding for finding in loaded.findings if finding.severity is Severity.ERROR]
        assert not wrong, wrong
        options = RunOptions(executor=self.executor, jobs=jobs)
        return [
            RunRequest(run=run, catalog=loaded.catalog, options=options, source="run.yaml", text=text)
            for run in loaded.runs
        ]


class Started:
    """A run on its way."""

    def __init__(self, *, runner: Runner, request: RunRequest) -> None:
        self.runner = runner
        self.request = request
        self.id = ""

    @property
    def directory(self) -> Path:
        return self.runner.root / "state" / "runs" / self.id

    def begin(self) -> Started:
        self.id = self.runner.server.start(self.request)
        return self

    def events(self) -> Iterator[RunEvent]:
        yield from self.runner.server.follow(self.id)

    def finish(self) -> Finished:
        """Wait for the end."""
        events = tuple(self.events())
        record = self.runner.server.record(self.id)
        return Finished(
            id=self.id, run=self.request.run, record=record, events=events, directory=self.directory
        )
