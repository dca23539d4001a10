"""Builds: the pipeline runs once, and what it made is known by its digest before it is published."""

from __future__ import annotations

from typing import Any

from holkas.delivery import event_types as on
from holkas.delivery.acts import Build
from holkas.delivery.definition import ArtifactRule
from holkas.delivery.variables import UnknownVariable, version_of
from holkas.delivery_engine.job import Job
from holkas.delivery_engine.pipelines import RunResult, carry_out, inside, request_of
from holkas.roles.content import digest_of, size_of
from holkas.roles.errors import AccessDenied, NotFound, Retryable, ToolError


def build(job: Job, act: Build) -> None:
    """Run the pipeline, note its end and what it made. Raises Retryable and AccessDenied, which end no delivery."""
    recorder = job.recorder
    if not act.run:
        recorder.note(on.BUILD_STARTED, attempt=act.attempt)
        recorder.commit()
    revision = job.state.revision.id
    try:
        result = _run(job, act)
        made = (
            [_described(job, rule, result) for rule in job.definition.artifacts] if result.succeeded else []
        )
    except (Retryable, AccessDenied):
        raise
    except (ToolError, UnknownVariable, OSError) as error:
        recorder.note(
            on.BUILD_FINISHED, attempt=act.attempt, succeeded=False, run="", message=_sentence(error), log=[],
            revision=revision,
        )  # fmt: skip
        return
    recorder.note(
        on.BUILD_FINISHED,
        attempt=act.attempt,
        succeeded=result.succeeded,
        run=result.run,
        message=result.message,
        results=dict(result.results),
        log=list(result.log),
        command=list(result.command),
        artifacts=made,
        revision=revision,
    )


def _run(job: Job, act: Build) -> RunResult:
    use = job.definition.pipeline
    if use is None:
        return RunResult(run="", succeeded=True)
    state, tools = job.state, job.tools
    name = f"{job.definition.name}-{state.number}-{act.attempt}"

    def request(again: bool) -> Any:
        control, workspace = tools.version_control(), job.place.workspace
        if not again or not workspace.exists():
            workspace = job.retried(lambda: job.place.fresh_workspace(control, state.revision))
        return request_of(use, tools, job.tree, workspace, job.variables(), name)

    def begun(run: str) -> None:
        job.recorder.note(on.BUILD_RUNNING, run=run)
        job.recorder.commit()

    return carry_out(tools.build_server(), request, act.run, begun, job.follow)


def _described(job: Job, rule: ArtifactRule, result: RunResult) -> dict[str, Any]:
    """What an artifact is, before anybody else has it."""
    variables = job.variables() | {f"results.{name}": str(value) for name, value in result.results.items()}
    version = version_of(rule.version, variables)
    if not version:
        raise ToolError(f"artifact {rule.name}: its version {rule.version!r} is empty")
    if rule.result:
        digest = str(result.results.get(rule.result, "")).strip()
        if not digest:
            raise ToolError(f"artifact {rule.name}: the pipeline has no result {rule.result!r}")
        return {"name": rule.name, "version": version, "digest": digest}
    path = inside(job.sources, rule.path)
    if not path.exists():
        _from_server(job, rule, result)
    if not path.exists():
        raise ToolError(f"artifact {rule.name}: the pipeline has made no {rule.path}")
    job.built_here[rule.name] = path
    return {"name": rule.name, "version": version, "digest": digest_of(path), "size": size_of(path)}


def _from_server(job: Job, rule: ArtifactRule, result: RunResult) -> None:
    """A file that a build server on another machine has kept."""
    server = job.tools.build_server()
    if result.run and "artifacts" in server.capabilities:
        try:
            job.retried(lambda: server.fetch(result.run, rule.path, job.sources))
        except NotFound:
            return  # the caller says that it is not there


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.filename else str(error)
    return str(error)
