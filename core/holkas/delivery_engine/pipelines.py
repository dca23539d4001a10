"""Runs a pipeline of a delivery on the build server and tells how it went."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from holkas.delivery.definition import PipelineUse
from holkas.delivery.variables import expand
from holkas.delivery_engine.toolbox import Toolbox
from holkas.model.param import Param
from holkas.model.reference import Reference
from holkas.model.run import PipelineRun, Run, Timeouts
from holkas.model.run_event import RunEvent, RunEventKind
from holkas.model.run_request import RunRequest
from holkas.model.workspace import WorkspaceBinding
from holkas.records import dataclass
from holkas.roles.build_server import BuildServer
from holkas.roles.errors import AccessDenied, NotFound, Retryable, ToolError, Unsupported

if TYPE_CHECKING:
    from holkas.yaml import Document

LOG_LINES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """How a run ended. log: the last lines of the step that failed. command: the words that run it again."""

    run: str
    succeeded: bool
    message: str = ""
    results: Mapping[str, Any] = field(default_factory=dict)
    log: tuple[str, ...] = ()
    command: tuple[str, ...] = ()


def request_of(
    use: PipelineUse, tools: Toolbox, tree: Path, workspace: Path, variables: Mapping[str, str], name: str
) -> RunRequest:
    """What the build server is asked to do. tree: where the pipeline's file is. name: of the run, the same each time.

    Raises ToolError for a file that is none, UnknownVariable for a param that has no value yet.
    """
    params = {key: expand(value, variables) for key, value in use.params.items()}
    if use.job:
        run = PipelineRun(
            name=name,
            ref=Reference(name=use.job),
            params=tuple(Param(name=key, value=value) for key, value in params.items()),
        )
        return RunRequest(run=_limited(run, use.timeout), source=use.job)
    return _of_file(use, tools, tree, workspace, params, name)


def _of_file(
    use: PipelineUse, tools: Toolbox, tree: Path, workspace: Path, params: Mapping[str, str], name: str
) -> RunRequest:
    from holkas.extensions.importer import RunWish
    from holkas.model.finding import Severity
    from holkas.state.manifest_secrets import without_secrets
    from holkas.yaml import Source, YamlError, load_documents

    path = inside(tree, use.file)
    try:
        source = Source(use.file, path.read_bytes())
        documents = load_documents(source)
    except OSError as error:
        raise ToolError(
            f"pipeline {use.file}: {error.strerror}", hint="its path is relative to the sources"
        ) from error
    except YamlError as error:
        raise ToolError(f"pipeline {use.file} cannot be read: {error.finding.message}") from error
    for importer in tools.importers():
        if any(isinstance(one.value, dict) and importer.recognises(one.value) for one in documents):
            break
    else:
        raise ToolError(f"pipeline {use.file} holds nothing that can be run")
    bound = _bound(use, documents, workspace)
    wish = RunWish(params=params, workspaces=bound, seed=name, custom_tasks=tools.custom_tasks())
    loaded = importer.load(documents, wish)
    errors = [finding.message for finding in loaded.findings if finding.severity is Severity.ERROR]
    if errors:
        raise ToolError(f"pipeline {use.file}: {errors[0]}", hint=f"holkas lint {use.file}")
    if len(loaded.runs) != 1:
        raise ToolError(f"pipeline {use.file} asks for {len(loaded.runs)} runs, one is wanted")
    return RunRequest(
        run=_limited(loaded.runs[0], use.timeout), catalog=loaded.catalog, source=use.file, text=without_secrets(source),
        command=(
            "holkas", "run", use.file, *(word for one in bound for word in ("-w", f"{one.name}=.")),
            *(word for pair in params.items() for word in ("-p", "=".join(pair))),
        ),
    )  # fmt: skip


def _limited(run: Run, seconds: float) -> Run:
    """The run with a time-out of ours; 0 leaves its own."""
    if not seconds:
        return run
    if isinstance(run, PipelineRun):
        return replace(run, timeouts=Timeouts(pipeline=seconds))
    return replace(run, timeout=seconds)


def _bound(use: PipelineUse, documents: Sequence[Document], directory: Path) -> tuple[WorkspaceBinding, ...]:
    """The sources, where the pipeline asks for them."""
    for document in documents:
        spec = document.value.get("spec") if isinstance(document.value, dict) else None
        for holder in (
            (spec, *(spec.get(key) for key in ("pipelineSpec", "taskSpec"))) if isinstance(spec, dict) else ()
        ):
            declared = holder.get("workspaces") if isinstance(holder, dict) else None
            names = (
                [one.get("name") for one in declared if isinstance(one, dict)]
                if isinstance(declared, list)
                else []
            )
            if use.workspace in names:
                source = {"path": str(directory), "writable": True}
                return (WorkspaceBinding(name=use.workspace, kind="hostPath", source=source),)
    return ()


def inside(tree: Path, relative: str) -> Path:
    """A path below a directory. Raises ToolError for one that leaves it, through a link as well."""
    root = os.path.realpath(tree)
    path = os.path.realpath(os.path.join(root, relative))  # noqa: PTH118 - asked often
    if path != root and not path.startswith(root.rstrip(os.sep) + os.sep):
        raise ToolError(f"{relative} leaves the sources")
    return Path(path)


def carry_out(
    server: BuildServer,
    request: Callable[[bool], RunRequest],
    known: str,
    begun: Callable[[str], None],
    follow: Callable[[RunEvent], None],
) -> RunResult:
    """Run to the end.

    request: what is asked for; with the sources as an earlier process left them where it is told True. known: id of a
    run that was begun before a crash; taken up again where the server still has it. begun: is told the id before
    anything is waited for.
    """
    if known:
        taken_up = _taken_up(server, known, request, follow)
        if taken_up is not None:
            return taken_up
    wanted = request(False)
    run_id = server.start(wanted)
    begun(run_id)
    return replace(_followed(server, run_id, follow), command=wanted.command)


def _taken_up(
    server: BuildServer,
    run_id: str,
    request: Callable[[bool], RunRequest],
    follow: Callable[[RunEvent], None],
) -> RunResult | None:
    """None where the server does not know the run, or it was cut off and cannot go on."""
    command: tuple[str, ...] = ()
    try:
        if "resume" in server.capabilities:
            wanted = request(True)
            command = wanted.command
            try:
                server.resume(run_id, wanted)
            except (NotFound, Retryable, AccessDenied):
                raise
            except ToolError:
                pass  # it has ended or goes on, as is seen below, or has to be begun anew
        result = _followed(server, run_id, follow)
        return replace(result, command=command) if server.record(run_id).condition.done else None
    except (NotFound, Unsupported):
        return None


def _followed(server: BuildServer, run_id: str, follow: Callable[[RunEvent], None]) -> RunResult:
    tails: dict[tuple[str, str], deque[str]] = {}
    failed: tuple[str, str] | None = None
    for event in server.follow(run_id):
        follow(event)
        place = (event.task, event.step)
        if event.kind is RunEventKind.LOG:
            tails.setdefault(place, deque(maxlen=LOG_LINES)).extend(
                str(event.data.get("text", "")).splitlines()
            )
        elif event.kind is RunEventKind.STEP_FINISHED and event.data.get("exit_code"):
            failed = place
    record = server.record(run_id)
    condition = record.condition
    return RunResult(
        run=run_id,
        succeeded=condition.succeeded,
        message=condition.message or condition.reason,
        results={result.name: result.value for result in record.results},
        log=() if condition.succeeded else tuple(tails.get(failed or ("", ""), ())),
    )
