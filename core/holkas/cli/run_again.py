"""From what was said to ``holkas run`` to requests, the first time and every time that a run is asked for again."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from holkas.cli.errors import FAILED, CommandError
from holkas.cli.run_inputs import parse_params
from holkas.cli.run_workspaces import parse_workspaces
from holkas.records import dataclass

if TYPE_CHECKING:
    from holkas.cli.app import App
    from holkas.extensions.importer import Importer, Loaded
    from holkas.model.run_request import RunOptions, RunRequest
    from holkas.model.value import Value
    from holkas.state.masking import Masker
    from holkas.state.run_summary import RunSummary
    from holkas.yaml import Document, Source

_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What files hold: their runs, and what must not be shown of them. text: the manifests, secrets masked.

    documents: as they were read.
    """

    importer: Importer
    loaded: Loaded
    secrets: Masker
    text: str
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """The words of ``holkas run``, as they were typed in ``directory``.

    left_out: see :class:`~holkas.model.run_request.RunRequest`. offline: see RunWish; the setting says it too.
    """

    files: tuple[str, ...]
    params: tuple[str, ...] = ()
    workspaces: tuple[str, ...] = ()
    level: str = "alpha"
    directory: str = ""
    left_out: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    offline: bool = False

    def requests(self, read: Read, options: RunOptions, command: tuple[str, ...]) -> list[RunRequest]:
        """One request for each run of the files."""
        from holkas.model.run_request import RunRequest

        return [
            RunRequest(
                run=run,
                catalog=read.loaded.catalog,
                options=options,
                source=", ".join(self.files),
                text=read.text,
                command=command,
                left_out=self.left_out,
                origin={**self._origin(index, read), "jobs": options.jobs},
            )
            for index, run in enumerate(read.loaded.runs)
        ]

    def _origin(self, index: int, read: Read) -> dict[str, Any]:
        return {
            **kept_origin(
                index,
                len(read.loaded.runs),
                level=self.level,
                directory=self.directory,
                workspaces=self.workspaces,
                secrets=bool(read.secrets),
            ),
            "files": list(self.files),
            "params": list(self.params),
            "leftOut": {task: dict(results) for task, results in self.left_out.items()},
            "kept": "-" in self.files,
        }


def kept_origin(
    index: int, runs: int, *, level: str, directory: str, workspaces: Sequence[str], secrets: bool
) -> dict[str, Any]:
    """How a run is asked for again from the manifest that is kept with it.

    index: which one it is of how many ``runs``. secrets: the manifest had some; they are not in what is kept.
    """
    return {
        "version": _VERSION,
        "directory": directory,
        "files": [],
        "params": [],
        "workspaces": list(workspaces),
        "level": level,
        "leftOut": {},
        "index": index,
        "runs": runs,
        "kept": True,
        "secrets": secrets,
    }


def load(app: App, invocation: Invocation) -> Read:
    """Read, judge and resolve the files. Raises CommandError with everything that is wrong."""
    from holkas.cli.sources import read_sources

    return load_sources(app, read_sources(invocation.files), invocation)


def load_sources(app: App, sources: Sequence[Source], invocation: Invocation) -> Read:
    """The same for files that were read already."""
    from holkas.cli.sources import read_documents
    from holkas.extensions.importer import RunWish
    from holkas.plugins.custom_kinds import served_kinds
    from holkas.state.manifest_secrets import secret_values, without_secrets
    from holkas.state.masking import Masker

    wish = RunWish(
        params=parse_params(invocation.params),
        workspaces=parse_workspaces(invocation.workspaces),
        level=invocation.level,
        offline=invocation.offline or app.config.flag("run.offline"),
        custom_tasks=served_kinds(app.manager),
    )
    documents = read_documents(sources)
    importer = importer_of(app, documents, invocation.files)
    loaded = importer.load(documents, wish)
    _judge(loaded, sources)
    return Read(
        importer=importer,
        loaded=loaded,
        secrets=Masker(secret_values(documents)),
        text="\n---\n".join(without_secrets(source) for source in sources),
        documents=tuple(documents),
    )


def asked_again(
    app: App, summary: RunSummary, options: RunOptions, *, jobs: int | None
) -> tuple[RunRequest, Read]:
    """The request of a run that is kept, its files read again as they are now. Raises CommandError.

    jobs: tasks at the same time where that was said, None for as many as then.
    """
    from holkas.state.origin import read_origin
    from holkas.yaml import Source

    directory = app.store.directory(summary.id)
    origin = read_origin(directory)
    if origin.get("version") != _VERSION:
        raise CommandError(
            f"the run {summary.id} does not say how it was asked for",
            hint="only runs of holkas run, trigger and listen can be asked for again",
        )
    if origin["masked"]:
        raise CommandError(
            f"the run {summary.id} was given a secret on its command line, which is not kept",
            hint=f"run it anew: {' '.join(summary.command)}",
        )
    if origin["kept"] and origin["secrets"]:
        raise CommandError(
            f"the run {summary.id} was not read from a file and held secrets, which are not kept",
            hint="run it anew",
        )
    invocation = Invocation(
        files=tuple(origin["files"]),
        params=tuple(origin["params"]),
        workspaces=tuple(origin["workspaces"]),
        level=origin["level"],
        directory=origin["directory"],
        left_out=origin["leftOut"],
    )
    try:
        with contextlib.chdir(invocation.directory or Path.cwd()):
            if origin["kept"]:
                read = load_sources(app, [Source.read(directory.manifest)], invocation)
            else:
                read = load(app, invocation)
    except OSError as error:
        raise CommandError(
            f"the run {summary.id} was started in {invocation.directory}: {error.strerror}"
        ) from error
    if len(read.loaded.runs) != origin["runs"]:
        raise CommandError(
            f"{', '.join(invocation.files)}: there were {origin['runs']} runs in it, now there are "
            f"{len(read.loaded.runs)}",
            exit_code=FAILED,
        )
    if jobs is None:
        options = replace(options, jobs=int(origin.get("jobs", 0)))
    request = invocation.requests(read, options, summary.command)[origin["index"]]
    return replace(request, run=replace(request.run, name=summary.name), source=summary.source), read


def importer_of(app: App, documents: Sequence[Document], files: Sequence[str]) -> Importer:
    """The importer that knows one of the documents. Raises CommandError where none does."""
    for provider in app.manager.providers("importers"):
        importer: Importer = app.manager.make("importers", provider.name)
        if any(
            isinstance(document.value, dict) and importer.recognises(document.value) for document in documents
        ):
            return importer
    raise CommandError(
        f"{', '.join(files)}: nothing here that can be run",
        hint="a Tekton PipelineRun, TaskRun, Pipeline or Task is wanted (apiVersion: tekton.dev/v1)",
        exit_code=FAILED,
    )


def _judge(loaded: Loaded, sources: Sequence[Source]) -> None:
    import click

    from holkas.model.finding import Severity

    errors = tuple(finding for finding in loaded.findings if finding.severity is Severity.ERROR)
    if errors:
        count = f"{len(errors)} error{'s' if len(errors) > 1 else ''}"
        raise CommandError(f"nothing was run: {count}", exit_code=FAILED, findings=errors, sources=sources)
    notes = [finding for finding in loaded.findings if finding.severity is not Severity.ERROR]
    if notes:
        from holkas.cli.render.findings import render_text

        click.echo(render_text(notes, sources=sources), err=True)
    if not loaded.runs:
        raise CommandError("the file asks for no run and has no single Pipeline or Task to make one of")
