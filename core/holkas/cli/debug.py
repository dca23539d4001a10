"""``holkas debug``: a shell, or a command, in the place of a step of an earlier run."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from holkas.cli.app import App
from holkas.cli.errors import FAILED, CommandError
from holkas.cli.render.progress_view import ProgressView

if TYPE_CHECKING:
    from holkas.model.record import RunRecord, TaskRunRecord
    from holkas.model.run import PipelineRun
    from holkas.model.run_event import RunEvent
    from holkas.model.run_request import RunRequest
    from holkas.model.value import Value
    from holkas.state.past_run import PastRun
    from holkas.state.projection import TaskView

_GOOD = ("Completed", "Continued", "Skipped")


@click.command(name="debug", short_help="Look around in the place of a step.")
@click.argument("run")
@click.argument("task")
@click.argument("command_", nargs=-1, metavar="[-- COMMAND …]", type=click.UNPROCESSED)
@click.option("--step", metavar="NAME", help="The step.  [default: the one that failed]")
@click.option("--executor", metavar="NAME", help="[default: that of the run]")
@click.pass_obj
def command(
    app: App,
    run: str,
    task: str,
    command_: tuple[str, ...],
    step: str | None,
    executor: str | None,
) -> int:
    """Start a shell, or COMMAND, in the place of a step of TASK of RUN: `holkas debug latest build -- env`.

    Steps before it are run again, with results of other tasks and the content of claims as RUN left them. The step's
    own command is in $HOLKAS_DEBUG_COMMAND. Exit code: that of the shell or COMMAND.
    """
    from holkas.model.run_request import Debugging
    from holkas.state.past_run import PastRun
    from holkas.state.projection import project

    summary = app.store.run(run)
    if not command_ and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise CommandError("a shell needs a terminal", hint=f"holkas debug {run} {task} -- COMMAND")
    events = [event for _, event in app.store.events(summary.id, kept=True)]
    chosen = _task(project(events).tasks, task, summary.id)
    wanted = _step(chosen, step)
    request = _request(app, summary.id, executor or summary.executor, PastRun.of(summary.id, events), chosen)
    with ExitStack() as stack:
        terminal = ""
        if not command_:
            from holkas.cli.terminal import joined_terminal

            click.echo(f"note: {chosen.name}, step {wanted}; exit ends", err=True)
            terminal = stack.enter_context(joined_terminal())
        debugging = Debugging(
            run=summary.id, task_run=chosen.name, step=wanted, argv=command_, terminal=terminal
        )
        options = replace(request.options, debugging=debugging)
        record = _carry_out(app, replace(request, options=options), chosen.name, wanted)
    return _exit_code(record, chosen.name, wanted)


def _task(tasks: Mapping[str, TaskView], name: str, run: str) -> TaskView:
    """The task run that is meant: of several of a matrix one that failed."""
    ran = [each for each in tasks.values() if each.steps]
    fitting = [each for each in ran if name in (each.name, each.pipeline_task)]
    if not fitting:
        known = ", ".join(each.pipeline_task or each.name for each in ran)
        raise CommandError(
            f"no task {name} has run in {run}", hint=f"it has {known}" if known else "", exit_code=FAILED
        )
    return next((each for each in fitting if each.status != "True"), fitting[0])


def _step(task: TaskView, name: str | None) -> str:
    """The step that is meant: the first that failed, else the last."""
    steps = list(task.steps.values())
    if name is not None:
        if name not in [each.name for each in steps]:
            raise CommandError(
                f"the task {task.name} has no step {name}",
                hint=f"it has {', '.join(each.name for each in steps)}",
            )
        return name
    failed = [each.name for each in steps if each.state not in (*_GOOD, "waiting")]
    return failed[0] if failed else steps[-1].name


def _request(app: App, run_id: str, executor: str, past: PastRun, task: TaskView) -> RunRequest:
    """The run once more, of which only one task is left."""
    from holkas.cli.run_again import asked_again
    from holkas.cli.run_options import run_options
    from holkas.model.run import PipelineRun, Timeouts

    options = run_options(app, executor, 1, False)
    request, read = asked_again(app, app.store.run(run_id), options, jobs=1)
    left_out: dict[str, Mapping[str, Value]] = {}
    run = request.run
    if isinstance(run, PipelineRun):
        left_out = _others(run, read.loaded.catalog.pipelines, past, task)
        run = replace(run, timeouts=Timeouts(pipeline=0))
    command = ("holkas", *app.words)
    return replace(request, run=run, left_out=left_out, origin={}, command=command)


def _others(
    run: PipelineRun, pipelines: Mapping[str, Any], past: PastRun, task: TaskView
) -> dict[str, Mapping[str, Value]]:
    from holkas.pipeline.selection import NothingSelected, UnknownTask, select

    spec = run.spec or (pipelines[run.ref.name].spec if run.ref and run.ref.name in pipelines else None)
    if spec is None:
        raise CommandError("the run's pipeline is not among its files any more", exit_code=FAILED)
    try:
        selection = select(spec, only=[task.pipeline_task])
    except (UnknownTask, NothingSelected) as error:
        raise CommandError(
            f"{task.pipeline_task} is no task of the run's own pipeline",
            hint="tasks of a pipeline inside another are debugged by running that pipeline",
            exit_code=FAILED,
        ) from error
    return {name: past.results_of(name) for name in selection.left_out}


class _View(ProgressView):
    """The command's output on standard output, all else on standard error."""

    summary = "never"

    def __init__(self, task_run: str, step: str) -> None:
        self._meant = (task_run, step)

    def events(self, events: Iterable[RunEvent]) -> None:
        for event in events:
            self._say(event)

    def _say(self, event: RunEvent) -> None:
        from holkas.cli.render.printable import printable
        from holkas.model.run_event import RunEventKind

        if event.kind is RunEventKind.LOG and (event.task, event.step) == self._meant:
            click.echo(event.data["text"], nl=not event.data["text"].endswith("\n"))
        elif event.kind is RunEventKind.LOG:
            click.echo(f"[{event.task} : {event.step}] {printable(event.data['text'].rstrip())}", err=True)
        elif event.kind is RunEventKind.NOTE:
            click.echo(f"{event.data['level']}: {printable(event.data['text'])}", err=True)

    def close(self) -> None:
        """Nothing is held back."""


def _carry_out(app: App, request: RunRequest, task_run: str, step: str) -> RunRecord:
    from holkas.cli.run_session import RunSession

    server = app.manager.make("build_servers", "local")
    try:
        return RunSession(server, app, sys.stderr).carry_out(request, _View(task_run, step))
    finally:
        server.close()


def _exit_code(record: RunRecord, task_run: str, step: str) -> int:
    from holkas.model.record import PipelineRunRecord, TaskRunRecord

    found: list[TaskRunRecord] = [record] if isinstance(record, TaskRunRecord) else []
    if isinstance(record, PipelineRunRecord):
        found = [
            each for each in record.children if isinstance(each, TaskRunRecord) and each.name == task_run
        ]
    steps = [each for task in found for each in task.steps if each.name == step and each.log]
    if steps and steps[0].exit_code is not None:
        return steps[0].exit_code
    message = found[0].condition.message if found else record.condition.message
    raise CommandError(f"the step {step} was not reached: {message}", exit_code=FAILED)
