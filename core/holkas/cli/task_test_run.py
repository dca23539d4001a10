"""Carries out tests of tasks: each as a run of its own, with a state directory that lasts as long as the command."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from holkas.records import dataclass
from holkas.task_tests.definition import Case, Content, TestFile
from holkas.task_tests.judging import Mismatch, Observed, judge
from holkas.task_tests.stubs import calls, script

if TYPE_CHECKING:
    from holkas.cli.app import App
    from holkas.extensions.importer import Importer, Loaded
    from holkas.model.run_request import RunOptions
    from holkas.roles.build_server import BuildServer
    from holkas.yaml import Document

LARGEST = 1 << 20
"""Bytes of a log or a file that are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOutcome:
    """What became of a test. error: why it could not be run, empty where it could. seconds: how long it took."""

    case: Case
    mismatches: tuple[Mismatch, ...] = ()
    error: str = ""
    seconds: float = 0.0
    logs: Mapping[str, str] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether it is neither passed nor skipped."""
        return bool(self.error or self.mismatches)


class CaseRunner:
    """Runs tests, several at the same time; may be called by several threads."""

    def __init__(self, app: App, server: BuildServer, root: Path, options: RunOptions, level: str) -> None:
        """root: a directory of the command, with the state of ``server`` in ``state``."""
        self._app = app
        self._server = server
        self._root = root
        self._options = options
        self._level = level
        self._starting = threading.Lock()
        self._count = 0

    def carry_out(self, case: Case, documents: Sequence[Document], importer: Importer) -> CaseOutcome:
        """Run a test. Never raises for what a file or a task does wrong."""
        if case.skip:
            return CaseOutcome(case=case)
        began = time.monotonic()
        with self._starting:
            self._count += 1
            place = self._root / f"case-{self._count}"
        try:
            observed, error = self._run(case, documents, importer, place)
        except OSError as problem:
            observed, error = None, f"{problem.filename or ''}: {problem.strerror}".removeprefix(": ")
        seconds = time.monotonic() - began
        if observed is None:
            return CaseOutcome(case=case, error=error, seconds=seconds)
        mismatches = tuple(judge(case.expected, observed))
        shutil.rmtree(place, ignore_errors=True)
        return CaseOutcome(case=case, mismatches=mismatches, seconds=seconds, logs=observed.logs)

    def _run(
        self, case: Case, documents: Sequence[Document], importer: Importer, place: Path
    ) -> tuple[Observed | None, str]:
        from holkas.model.record import TaskRunRecord
        from holkas.model.run import TaskRun
        from holkas.model.run_request import RunRequest

        loaded = self._load(case, documents, importer, place)
        wrong = _errors(loaded)
        if wrong:
            return None, wrong
        run = loaded.runs[0]
        if not isinstance(run, TaskRun):
            return None, f"{case.task or run.name} is a pipeline; tests are of tasks"
        options = replace(self._options, jobs=1, first_on_path=_make_stubs(case, place))
        request = RunRequest(run=replace(run, timeout=case.timeout), catalog=loaded.catalog, options=options)
        with self._starting:
            run_id = self._server.start(request)
        for _ in self._server.follow(run_id):
            pass
        record = self._server.record(run_id)
        assert isinstance(record, TaskRunRecord), "a task run has a task run's record"
        directory = self._root / "state" / "runs" / run_id
        logs = {step.name: _text(directory / step.log) or "" for step in record.steps if step.log}
        made = place / "stubs" / "calls"
        files = {file.name: file.read_bytes() for file in made.iterdir()} if made.is_dir() else {}
        return Observed(record=record, logs=logs, calls=calls(files), file=_reader(place)), ""

    def _load(self, case: Case, documents: Sequence[Document], importer: Importer, place: Path) -> Loaded:
        from holkas.extensions.importer import RunWish
        from holkas.model.workspace import WorkspaceBinding
        from holkas.yaml import Source, dump_all, load_documents

        named = {*case.workspaces, *case.expected.files}
        for name in named:
            _fill(place / "workspaces" / name, case.workspaces.get(name, Content()))
        bound = tuple(
            WorkspaceBinding(
                name=name,
                kind="hostPath",
                source={"path": str(place / "workspaces" / name), "writable": True},
            )
            for name in sorted(named)
        )
        own = [_data("ConfigMap", "data", name, data) for name, data in case.config_maps.items()]
        own += [_data("Secret", "stringData", name, data) for name, data in case.secrets.items()]
        more = load_documents(Source(f"test {case.name}", dump_all(own).encode())) if own else []
        replaced = {(each["kind"], each["metadata"]["name"]) for each in own}
        kept = [each for each in documents if _identity(each) not in replaced]
        wish = RunWish(
            params=case.params, workspaces=bound, name=case.task, level=self._level, seed=case.name
        )
        return importer.load([*kept, *more], wish)


@contextmanager
def case_runner(app: App, options: RunOptions, level: str) -> Iterator[CaseRunner]:
    """A runner with a state directory of its own, which goes when it is done."""
    from holkas.plugins.manager import PluginManager

    with tempfile.TemporaryDirectory(prefix="holkas-test-", ignore_cleanup_errors=True) as name:
        root = Path(name).resolve()
        manager = PluginManager.for_project(
            app.project, app.environ, root / "state", lambda hook, tool: app.config.plugin_options(hook, tool)
        )
        server: BuildServer = manager.make("build_servers", "local")
        try:
            yield CaseRunner(app, server, root, options, level)
        finally:
            server.close()


def carry_out_all(
    runner: CaseRunner,
    files: Sequence[tuple[TestFile, Sequence[Document], Importer]],
    jobs: int,
    tell: Callable[[TestFile, CaseOutcome], None],
) -> list[tuple[TestFile, list[CaseOutcome]]]:
    """Run all tests, ``jobs`` at the same time; outcomes are told and given back in the order of the files."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="test") as pool:
        started = [
            (file, [pool.submit(runner.carry_out, case, documents, importer) for case in file.cases])
            for file, documents, importer in files
        ]
        try:
            outcomes = []
            for file, futures in started:
                done = []
                for future in futures:
                    done.append(future.result())
                    tell(file, done[-1])
                outcomes.append((file, done))
            return outcomes
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _errors(loaded: Loaded) -> str:
    from holkas.model.finding import Severity

    wrong = [finding for finding in loaded.findings if finding.severity is Severity.ERROR]
    told = "; ".join(f"{finding.message} [{finding.code}, {finding.place.source}]" for finding in wrong)
    return told or ("" if loaded.runs else "the manifests hold no task to run")


def _make_stubs(case: Case, place: Path) -> str:
    """The directory of the test's stubs, empty where it has none."""
    if not case.stubs:
        return ""
    stubs = place / "stubs"
    (stubs / "bin").mkdir(parents=True)
    (stubs / "calls").mkdir()
    for directory in (stubs, stubs / "calls"):
        directory.chmod(0o777)
    for stub in case.stubs:
        program = stubs / "bin" / stub.name
        program.write_text(script(stub), encoding="utf-8")
        program.chmod(0o755)
    return str(stubs)


def _fill(directory: Path, content: Content) -> None:
    """Make a workspace; steps may be another user than ours."""
    if content.directory is not None:
        shutil.copytree(content.directory, directory, symlinks=True)
    directory.mkdir(parents=True, exist_ok=True)
    for path, text in content.files.items():
        file = directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    directory.chmod(0o777)


def _reader(place: Path) -> Callable[[str, str], str | None]:
    def read(workspace: str, path: str) -> str | None:
        root = (place / "workspaces" / workspace).resolve()
        file = root / path
        # A step may have left a link that leads anywhere.
        return _text(file) if file.resolve().is_relative_to(root) else None

    return read


def _text(file: Path) -> str | None:
    if not file.is_file():
        return None
    with file.open("rb") as opened:
        return opened.read(LARGEST).decode("utf-8", "replace")


def _data(kind: str, field: str, name: str, data: Mapping[str, str]) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name}, field: dict(data)}


def _identity(document: Document) -> tuple[str, str]:
    value = document.value if isinstance(document.value, dict) else {}
    metadata = value.get("metadata")
    return str(value.get("kind", "")), str(metadata.get("name", "")) if isinstance(metadata, dict) else ""
