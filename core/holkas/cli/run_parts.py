"""``--only``, ``--from``, ``--until`` and ``--result``: a run of a part of a pipeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any, TypeVar

import click

from holkas.cli.errors import CommandError
from holkas.records import dataclass

if TYPE_CHECKING:
    from holkas.cli.app import App
    from holkas.extensions.importer import Loaded
    from holkas.model.pipeline import PipelineSpec
    from holkas.model.run import PipelineRun
    from holkas.model.value import Value
    from holkas.pipeline.selection import Selection

Command = TypeVar("Command", bound=Callable[..., Any])

_LOOKED_AT = 100
"""Runs, the newest ones, in which results are looked for."""

_OPTIONS = (
    click.option("--only", multiple=True, metavar="TASK", help="Just this task; repeatable."),
    click.option(
        "--from", "from_", multiple=True, metavar="TASK", help="This task and all after it; repeatable."
    ),
    click.option("--until", multiple=True, metavar="TASK", help="This task and all before it; repeatable."),
    click.option(
        "--result",
        "results",
        multiple=True,
        metavar="TASK.NAME=VALUE",
        help="A result of a task that is left out.  [default: of the last run that has it]",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What was asked for, in the words of the options; false for a whole pipeline."""

    only: tuple[str, ...] = ()
    from_: tuple[str, ...] = ()
    until: tuple[str, ...] = ()
    results: tuple[str, ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.only or self.from_ or self.until)


def part_options(command: Command) -> Command:
    """The four options; they make a :class:`Part`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def left_out(app: App, loaded: Loaded, part: Part) -> dict[str, Mapping[str, Value]]:
    """The tasks that do not run with those of their results that the others need; says where these are from.

    Raises CommandError for a name that the pipeline does not have, and for results that nobody knows.
    """
    from holkas.pipeline.graph import GraphError
    from holkas.pipeline.selection import NothingSelected, UnknownTask, select

    given = _given(part.results)
    if not part:
        if given:
            raise CommandError("--result goes with --only, --from or --until")
        return {}
    run, spec = _pipeline(loaded)
    try:
        selection = select(spec, only=part.only, from_=part.from_, until=part.until)
    except UnknownTask as error:
        raise _unknown(error) from error
    except (NothingSelected, GraphError) as error:
        raise CommandError(str(error)) from error
    for task, _ in given:
        if task not in selection.left_out:
            raise CommandError(f"--result {task}: the task is not left out")
    known = _known(app, run, spec, selection, given)
    for workspace, tasks in selection.sharing.items():
        _warn_of(run, workspace, tasks)
    return {task: known.get(task, {}) for task in selection.left_out}


def _given(words: Sequence[str]) -> dict[tuple[str, str], str]:
    given = {}
    for word in words:
        target, separator, value = word.partition("=")
        task, dot, name = target.partition(".")
        if not separator or not dot or not task or not name:
            raise CommandError(
                f"--result {word!r} is not TASK.NAME=VALUE", hint="--result build.digest=sha256:…"
            )
        given[task, name] = value
    return given


def _pipeline(loaded: Loaded) -> tuple[PipelineRun, PipelineSpec]:
    from holkas.model.run import PipelineRun

    if len(loaded.runs) != 1:
        raise CommandError(f"a part goes with one run, and there are {len(loaded.runs)}")
    run = loaded.runs[0]
    if not isinstance(run, PipelineRun):
        raise CommandError("a part goes with a pipeline, and this is a task")
    spec = run.spec
    if spec is None and run.ref is not None:
        pipeline = loaded.catalog.pipelines.get(run.ref.key)
        spec = None if pipeline is None else pipeline.spec
    if spec is None:
        raise CommandError("the run's pipeline is not among the files")
    return run, spec


def _unknown(error: Any) -> CommandError:
    from difflib import get_close_matches

    close = get_close_matches(error.task, error.names, 1)
    hint = f"did you mean {close[0]}?" if close else f"it has {', '.join(error.names)}"
    return CommandError(str(error), hint=hint)


def _known(
    app: App,
    run: PipelineRun,
    spec: PipelineSpec,
    selection: Selection,
    given: Mapping[tuple[str, str], str],
) -> dict[str, dict[str, Value]]:
    """The results that are needed: as given, else of the newest run of the pipeline that has all the others."""
    from holkas.pipeline.selection import pipeline_of
    from holkas.state.past_run import PastRun

    known: dict[str, dict[str, Value]] = {}
    for (task, name), text in given.items():
        known.setdefault(task, {})[name] = _value(text)
    wanted = [(task, name) for task, name in selection.needed if name not in known.get(task, {})]
    if not wanted:
        return known
    newest: list[tuple[str, str]] = []
    for summary in app.store.runs(limit=_LOOKED_AT, project=str(app.project)):
        if summary.kind != "PipelineRun":
            continue
        past = PastRun.of(summary.id, (event for _, event in app.store.events(summary.id, kept=True)))
        if past.pipeline != pipeline_of(run):
            continue
        missing = [(task, name) for task, name in wanted if name not in past.results_of(task)]
        if missing:
            newest = newest or missing
            continue
        for task, name in wanted:
            known.setdefault(task, {})[name] = past.results_of(task)[name]
        names = ", ".join(f"{task}.{name}" for task, name in wanted)
        click.echo(f"note: from the run {summary.id}: {names}", err=True)
        return known
    names = ", ".join(f"{task}.{name}" for task, name in newest or wanted)
    task, name = (newest or wanted)[0]
    raise CommandError(
        f"needed of tasks that are left out, and no earlier run has it: {names}",
        hint=f"--result {task}.{name}=VALUE, or run the whole pipeline once",
    )


def _value(text: str) -> Value:
    """As Tekton reads a result: a JSON array or object of texts as such, all else as the text."""
    import json

    if text.lstrip()[:1] not in ("[", "{"):
        return text
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    items = value.values() if isinstance(value, dict) else value
    return value if all(isinstance(item, str) for item in items) else text


def _warn_of(run: PipelineRun, workspace: str, tasks: Sequence[str]) -> None:
    """A claim is empty when a run begins: what tasks that are left out put into it is not there."""
    kinds = {binding.name: binding.kind for binding in run.workspaces}
    if kinds.get(workspace) in ("persistentVolumeClaim", "volumeClaimTemplate"):
        click.echo(
            f"warning: the workspace {workspace} is empty: {', '.join(tasks)} would have used it and is left out; "
            f"-w {workspace}=DIR gives it a content",
            err=True,
        )
