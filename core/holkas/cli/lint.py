"""``holkas lint``: judge manifests as the original would, all findings at once."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from holkas.cli.app import App
from holkas.cli.errors import FAILED, OK

if TYPE_CHECKING:
    from holkas.cli.lint_selection import Selection
    from holkas.cli.render.findings import Located
    from holkas.model.finding import Finding, Severity
    from holkas.yaml import Source


@click.command(name="lint", short_help="Judge manifests as the original would.")
@click.argument("files", nargs=-1, required=True, metavar="FILE|DIR|- …")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "junit"]),
    default="text",
    show_default=True,
    help="For people, for programs, for code scanning services, for build servers.",
)
@click.option(
    "--api-fields", type=click.Choice(["stable", "beta", "alpha"]), help="Features accepted.  [default: beta]"
)
@click.option(
    "--resolve/--offline",
    "resolve",
    default=False,
    help="Fetch what references through resolvers mean and judge it too; without network by default.",
)
@click.option("--strict", is_flag=True, help="Warnings and deprecations fail, too.")
@click.option(
    "--select", multiple=True, metavar="CODE", help="Only findings whose code begins so; repeatable."
)
@click.option("--ignore", multiple=True, metavar="CODE", help="No findings whose code begins so; repeatable.")
@click.option("--fix", is_flag=True, help="Change the files where a finding brings its fix along.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option("-o", "--output", metavar="FILE", help="Where the one fixed text goes; - for standard output.")
@click.pass_obj
def command(
    app: App,
    files: tuple[str, ...],
    form: str,
    api_fields: str | None,
    resolve: bool,
    strict: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fix: bool,
    diff: bool,
    output: str | None,
) -> int:
    """Judge every document of FILE; documents may refer to each other across all files given.

    A comment `# holkas: ignore[T608]` on a line, or on its own right above, leaves that finding out;
    `# holkas: ignore-file[T608]` does for the whole file.

    Exit code: 0 no error, 1 findings.
    """
    from holkas.cli.lint_selection import Selection, codes_in
    from holkas.cli.sources import read_sources
    from holkas.model.finding import Severity

    sources = read_sources(files)
    level = api_fields or app.config.text("lint.api-fields")
    selection = Selection(
        codes_in(select or [app.config.text("lint.select")]),
        codes_in([*ignore, app.config.text("lint.ignore")]),
    )
    fatal = {Severity.ERROR, Severity.WARNING, Severity.DEPRECATION} if strict else {Severity.ERROR}
    # Linting makes many objects and drops few: the collector would look through all of them again and again.
    collecting = gc.isenabled()
    gc.disable()
    try:
        if fix or diff or output is not None:
            from holkas.cli.lint_fixing import fix_files

            items, sources = fix_files(
                sources, lambda given: judged(app, given, level, selection, resolve), diff=diff, output=output
            )
        else:
            items = judged(app, sources, level, selection, resolve)
        _show(app, items, sources, form, fatal)
    finally:
        if collecting:
            gc.freeze()  # what is left of it lives until the end, and need not be looked through then
            gc.enable()
    return FAILED if any(item.finding.severity in fatal for item in items) else OK


def judged(
    app: App, sources: Sequence[Source], level: str, selection: Selection, resolve: bool = False
) -> list[Located]:
    """The findings that count, with their positions, in the order of the files and of their lines."""
    from holkas.cli.lint_selection import not_ignored
    from holkas.cli.render.findings import locate_all

    findings = [finding for finding in lint(app, sources, level, resolve) if selection.takes(finding.code)]
    items = not_ignored(locate_all(findings, sources), {source.name: source for source in sources})
    order = {source.name: number for number, source in enumerate(sources)}

    def place(item: Located) -> tuple[int, int, int]:
        position = item.position
        where = (position.line, position.column) if position is not None else (0, 0)
        return order.get(item.finding.place.source, -1), *where

    return sorted(items, key=place)


def lint(app: App, sources: Sequence[Source], level: str, resolve: bool = False) -> list[Finding]:
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
        judge = importer.lint_resolved if resolve else importer.lint
        findings += judge(documents, level=level)
    order = {source.name: number for number, source in enumerate(sources)}
    return sorted(findings, key=lambda finding: order.get(finding.place.source, -1))


def _show(app: App, items: list[Located], sources: Sequence[Source], form: str, fatal: set[Severity]) -> None:
    if form == "text":
        from holkas.cli.render.findings import render_item

        if items:
            click.echo("\n\n".join(map(render_item, items)))
        click.echo(f"{len(sources)} file{'s' if len(sources) != 1 else ''}: {_summary(items)}", err=True)
    elif form == "junit":
        from holkas.cli.render.findings_junit import as_junit

        click.echo(as_junit(items, [source.name for source in sources], fatal))
    else:
        from holkas.cli.render.findings_json import as_json, as_sarif

        click.echo(as_json(items) if form == "json" else as_sarif(items, app.manager.codes()))


def _summary(items: Sequence[Located]) -> str:
    """``1 error, 2 warnings, 1 habit; 2 can be fixed with --fix``: classes from the heaviest to the lightest."""
    from holkas.model.finding import Severity

    counts = Counter(item.finding.severity for item in items)
    said = [
        f"{counts[kind]} {kind.value}{'s' if counts[kind] > 1 else ''}" for kind in Severity if counts[kind]
    ]
    fixable = sum(bool(item.finding.fix) for item in items)
    return (", ".join(said) or "no findings") + (f"; {fixable} can be fixed with --fix" if fixable else "")
