"""``holkas test``: unit tests of tasks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from holkas.cli.app import App
from holkas.cli.errors import FAILED, OK, CommandError

if TYPE_CHECKING:
    from holkas.extensions.importer import Importer
    from holkas.model.finding import Finding
    from holkas.task_tests.definition import TestFile
    from holkas.yaml import Document, Source

ENDINGS = (".test.yaml", ".test.yml")
"""What the names of test files in a directory end with."""


@click.command(name="test", short_help="Run unit tests of tasks.")
@click.argument("files", nargs=-1, metavar="[FILE|DIR …]")
@click.option("-k", "only", metavar="TEXT", default="", help="Just the tests with this in their name.")
@click.option("--executor", metavar="NAME", help="auto, sandbox, process, or a plugin's.  [default: auto]")
@click.option("-j", "--jobs", type=click.IntRange(1), help="Tests at the same time.  [default: one a CPU]")
@click.option(
    "--api-fields",
    type=click.Choice(["stable", "beta", "alpha"]),
    default="alpha",
    show_default=True,
    help="Highest level of features that is accepted.",
)
@click.option(
    "-o",
    "--output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What is printed.",
)
@click.option("--junit", type=click.Path(dir_okay=False, path_type=Path), help="Also write JUnit's XML.")
@click.pass_obj
def command(
    app: App,
    files: tuple[str, ...],
    only: str,
    executor: str | None,
    jobs: int | None,
    api_fields: str,
    output: str,
    junit: Path | None,
) -> int:
    """Run the tests of FILE, or of each *.test.yaml below DIR (the working directory when nothing is named).

    Exit code: 0 when all pass, 1 when one fails, 2 when a file cannot be used.
    """
    import os

    from holkas.cli.render.test_report import as_json, as_junit, case_lines, summary_line
    from holkas.cli.run_options import run_options
    from holkas.cli.task_test_run import CaseOutcome, carry_out_all, case_runner

    tests = _chosen(_read(_test_files(files or (".",))), only)
    loaded = [(test, *_manifests(app, test)) for test in tests]
    shown: set[str] = set()

    def tell(file: TestFile, outcome: CaseOutcome) -> None:
        if output == "text":
            head = [] if file.name in shown else [click.style(file.name, bold=True)]
            shown.add(file.name)
            click.echo("\n".join([*head, *case_lines(outcome)]))

    with case_runner(app, run_options(app, executor, None, False), api_fields) as runner:
        outcomes = carry_out_all(runner, loaded, jobs or os.cpu_count() or 1, tell)
    if output == "json":
        click.echo(as_json(outcomes))
    else:
        click.echo(summary_line(outcomes))
    if junit is not None:
        junit.write_text(as_junit(outcomes), encoding="utf-8")
    return FAILED if any(case.failed for _, cases in outcomes for case in cases) else OK


def _test_files(names: Sequence[str]) -> list[Path]:
    found: dict[Path, None] = {}
    for name in names:
        path = Path(name)
        inside = sorted(_below(path)) if path.is_dir() else [path]
        if not inside:
            raise CommandError(f"{name}: there are no tests", hint="files of tests are named *.test.yaml")
        found.update(dict.fromkeys(inside))
    return list(found)


def _below(directory: Path) -> Iterable[Path]:
    for path in directory.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(directory).parts[:-1])
        if path.name.endswith(ENDINGS) and not hidden and path.is_file():
            yield path


def _read(paths: Sequence[Path]) -> list[TestFile]:
    """Raises CommandError with everything that is wrong with any of them."""
    from holkas.task_tests.reading import read_tests
    from holkas.yaml import Source

    tests: list[TestFile] = []
    findings: list[Finding] = []
    sources: list[Source] = []
    for path in paths:
        source = Source.read(path)
        sources.append(source)
        test, wrong = read_tests(source, path.parent)
        findings += wrong
        if test is not None:
            tests.append(test)
    if findings:
        count = f"{len(findings)} errors" if len(findings) > 1 else "an error"
        raise CommandError(f"no test was run: {count}", findings=findings, sources=sources)
    return tests


def _chosen(tests: Sequence[TestFile], only: str) -> list[TestFile]:
    from dataclasses import replace

    chosen = [replace(test, cases=tuple(case for case in test.cases if only in case.name)) for test in tests]
    chosen = [test for test in chosen if test.cases]
    if not chosen:
        raise CommandError(f"no test has {only!r} in its name")
    return chosen


def _manifests(app: App, test: TestFile) -> tuple[list[Document], Importer]:
    """The documents that a file's tests are about, its own kind of file left out."""
    from holkas.cli.run_again import importer_of
    from holkas.cli.sources import read_documents, read_sources

    names = [str(path) for path in test.manifests]
    sources = [source for source in read_sources(names) if not source.name.endswith(ENDINGS)]
    documents = read_documents(sources)
    return documents, importer_of(app, documents, names)
