"""``holkas graph``: which task of a pipeline waits for which."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from holkas.cli.app import App
from holkas.cli.errors import FAILED, OK, CommandError

if TYPE_CHECKING:
    from holkas.extensions.importer import Loaded
    from holkas.model.pipeline import PipelineSpec
    from holkas.pipeline.layers import Layers
    from holkas.yaml import Source


@click.command(name="graph", short_help="Show which task of a pipeline waits for which.")
@click.argument("files", nargs=-1, required=True, metavar="FILE|DIR|- …")
@click.option("--name", help="The pipeline, or the run, where there are several.")
@click.option(
    "-o",
    "--output",
    type=click.Choice(["text", "mermaid", "svg", "json"]),
    default="text",
    show_default=True,
    help="For a terminal, for Markdown, as an image, for programs.",
)
@click.pass_obj
def command(app: App, files: tuple[str, ...], name: str | None, output: str) -> int:
    """Show the pipelines of FILE in layers: tasks of one layer could run at the same time.

    `×6` marks a task with a matrix of six runs, `when` one that may be skipped; in brackets stand the results for which
    a task waits.
    """
    from holkas.cli.sources import read_sources

    drawn = graphs(app, read_sources(files), name)
    if output in ("mermaid", "svg") and len(drawn) > 1:
        raise CommandError(
            f"there are {len(drawn)} pipelines", hint=f"--name {' or '.join(each.name for each in drawn)}"
        )
    click.echo(_rendered(drawn, output))
    return OK


def graphs(app: App, sources: Sequence[Source], name: str | None) -> list[Layers]:
    """The pipelines of these sources in layers. Raises CommandError where there are none, or one cannot be drawn."""
    from holkas.cli.sources import read_documents
    from holkas.extensions.importer import RunWish
    from holkas.pipeline.graph import GraphError
    from holkas.pipeline.layers import layers_of

    documents = read_documents(sources)
    found: dict[str, Layers] = {}
    seen: list[Loaded] = []
    for provider in app.manager.providers("importers"):
        loaded = app.manager.make("importers", provider.name).load(documents, RunWish(offline=True))
        seen.append(loaded)
        try:
            for key, spec in _specs(loaded):
                if name in (None, key):
                    found.setdefault(key, layers_of(key, spec))
        except GraphError as error:
            raise CommandError(str(error), exit_code=FAILED) from error
    if not found:
        raise _nothing(seen, sources, name)
    return list(found.values())


def _specs(loaded: Loaded) -> Iterator[tuple[str, PipelineSpec]]:
    """Pipelines of their own, and those inside runs under the run's name."""
    from holkas.model.run import PipelineRun

    for pipeline in loaded.catalog.pipelines.values():
        yield pipeline.name, pipeline.spec
    for run in loaded.runs:
        if isinstance(run, PipelineRun) and run.spec is not None:
            yield str(run.metadata.get("generateName") or run.name).rstrip("-"), run.spec


def _nothing(loaded: Sequence[Loaded], sources: Sequence[Source], name: str | None) -> CommandError:
    """What stands in the way: errors of the files, or a name that nothing has."""
    from holkas.model.finding import Severity

    findings = [found for each in loaded for found in each.findings if found.severity is Severity.ERROR]
    if name is not None:
        names = [key for each in loaded for key, _ in _specs(each)]
        hint = f"there are: {', '.join(names)}" if names else ""
        return CommandError(f'no pipeline is called "{name}"', hint=hint)
    broken = [found for found in findings if found.code[:2] in ("T0", "T1", "T2", "T3", "T4")]
    return CommandError("there is no pipeline to draw", exit_code=FAILED, findings=broken, sources=sources)


def _rendered(drawn: Sequence[Layers], output: str) -> str:
    from holkas.cli.render.graph_text import as_dict, as_mermaid, as_text

    if output == "text":
        return "\n\n".join(map(as_text, drawn))
    if output == "mermaid":
        return as_mermaid(drawn[0])
    if output == "svg":
        from holkas.cli.render.graph_svg import as_svg

        return as_svg(drawn[0])
    items = [as_dict(each) for each in drawn]
    return json.dumps({"apiVersion": "holkas/v1", "kind": "PipelineGraphList", "items": items}, indent=2)
