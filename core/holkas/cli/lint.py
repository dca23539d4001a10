"""``holkas lint``: judge manifests as the original would, all findings at once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from holkas.cli.app import App
from holkas.cli.errors import FAILED, OK

if TYPE_CHECKING:
    from holkas.model.finding import Finding
    from holkas.yaml import Source


@click.command(name="lint", short_help="Judge manifests as the original would.")
@click.argument("files", nargs=-1, required=True, metavar="FILE|DIR|- …")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    show_default=True,
    help="For people, for programs, for code scanning services.",
)
@click.option(
    "--api-fields", type=click.Choice(["stable", "beta", "alpha"]), help="Features accepted.  [default: beta]"
)
@click.option("--strict", is_flag=True, help="Warnings and deprecations fail, too.")
@click.pass_obj
def command(app: App, files: tuple[str, ...], form: str, api_fields: str | None, strict: bool) -> int:
    """Judge every document of FILE; documents may refer to each other across all files given.

    Exit code: 0 no error, 1 findings.
    """
    from holkas.cli.sources import read_sources

    sources = read_sources(files)
    findings = lint(app, sources, api_fields or app.config.text("lint.api-fields"))
    _show(app, findings, sources, form)
    from holkas.model.finding import Severity

    fatal = {Severity.ERROR, Severity.WARNING, Severity.DEPRECATION} if strict else {Severity.ERROR}
    return FAILED if any(finding.severity in fatal for finding in findings) else OK


def lint(app: App, sources: list[Source], level: str) -> list[Finding]:
    """Findings of all importers on all sources, in the order of the files; a file that cannot be read is one."""
    from holkas.yaml import YamlError, load_documents

    findings: list[Finding] = []
    documents = []
    for source in sources:
        try:
            documents += load_documents(source)
        except YamlError as error:
            findings.append(error.finding)
    for provider in app.manager.providers("importers"):
        importer = app.manager.make("importers", provider.name)
        findings += importer.lint(documents, level=level)
    order = {source.name: number for number, source in enumerate(sources)}
    return sorted(findings, key=lambda finding: order.get(finding.place.source, -1))


def _show(app: App, findings: list[Finding], sources: list[Source], form: str) -> None:
    from holkas.cli.render.findings import locate_all, render_text

    if form == "text":
        if findings:
            click.echo(render_text(findings, sources=sources))
        counts = Counter(finding.severity.value for finding in findings)
        said = ", ".join(f"{count} {name}{'s' if count > 1 else ''}" for name, count in counts.items())
        click.echo(
            f"{len(sources)} file{'s' if len(sources) != 1 else ''}: {said or 'no findings'}", err=True
        )
        return
    from holkas.cli.render.findings_json import as_json, as_sarif

    items = locate_all(findings, sources)
    click.echo(as_json(items) if form == "json" else as_sarif(items, app.manager.codes()))
