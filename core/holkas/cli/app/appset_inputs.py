"""What the commands of ApplicationSets share: their options, and the applications that come out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from holkas.cli.app import App
from holkas.cli.errors import FAILED, CommandError

if TYPE_CHECKING:
    from holkas.extensions.application_set import ApplicationSets, GeneratedSet


def set_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options about what generators may look at."""
    for option in (
        click.option(
            "--old-globbing",
            is_flag=True,
            help="Let * cross / in the paths of files, as Argo CD does by default.",
        ),
        click.option("--allow-network", is_flag=True, help="Ask the servers of plugin generators by HTTP."),
        click.option(
            "--repo",
            "repositories",
            multiple=True,
            metavar="URL=DIR",
            help="Take a directory for a repository, whatever revision is asked for.",
        ),
    ):
        function = option(function)
    return function


def generated(
    app: App, files: Sequence[str], repositories: Sequence[str], *, network: bool, old_globbing: bool
) -> tuple[ApplicationSets, list[GeneratedSet]]:
    """The sets in these files with their applications; findings go to standard error.

    Raises CommandError for files without a set, and for a set that is wrong.
    """
    from holkas.cli.sources import read_documents, read_sources
    from holkas.extensions.application_set import GenerationWish

    sources = read_sources(files)
    documents = read_documents(sources)
    wish = GenerationWish(
        repositories=dict(map(_repository, repositories)),
        project=app.project,
        plugins=app.manager,
        network=network,
        old_globbing=old_globbing,
    )
    for provider in app.manager.providers("importers"):
        sets: ApplicationSets | None = app.manager.make("importers", provider.name).application_sets()
        if sets is not None and any(sets.recognises(document.value) for document in documents):
            made = sets.generate(documents, wish)
            findings = [finding for one in made for finding in one.findings]
            if any(finding.severity == "error" for finding in findings):
                raise CommandError(
                    "no applications: an ApplicationSet is wrong",
                    exit_code=FAILED,
                    findings=findings,
                    sources=sources,
                )
            return sets, made
    raise CommandError("there is no ApplicationSet in these files")


def _repository(text: str) -> tuple[str, Path]:
    url, separator, directory = text.rpartition("=")
    if not separator or not url or not directory:
        raise CommandError(f"--repo {text!r} is not URL=DIR")
    path = Path(directory)
    if not path.is_dir():
        raise CommandError(f"--repo {text!r}: {directory} is no directory")
    return url, path
