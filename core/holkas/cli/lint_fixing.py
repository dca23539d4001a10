"""``holkas lint --fix`` and ``--diff``: what is fixed is told, and written where the user wants it."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from holkas.cli.errors import CommandError
from holkas.cli.lint_fix import Fixed, Judge, fix_all
from holkas.cli.render.findings import Located
from holkas.cli.render.printable import printable
from holkas.yaml import Source

STDIN = "<stdin>"


def fix_files(
    sources: Sequence[Source], judge: Judge, *, diff: bool, output: str | None
) -> tuple[list[Located], list[Source]]:
    """Fix, say what was fixed on stderr, write the files. The findings that are left, and the sources they are in.

    diff: print the difference instead, and leave everything as it was. output: for the only source; standard input
    needs it. Raises CommandError where that does not fit, and OSError.
    """
    _check(sources, diff=diff, output=output)
    result = fix_all(sources, judge)
    if diff:
        for before, after in zip(sources, result.sources, strict=True):
            click.echo(_difference(before, after), nl=False)
        return judge(sources), list(sources)
    for before, after in zip(sources, result.sources, strict=True):
        if output is None and after.data != before.data:
            Path(after.name).write_bytes(after.data)
    if output == "-":
        sys.stdout.buffer.write(result.sources[0].data)
        sys.stdout.flush()
    elif output is not None:
        Path(output).write_bytes(result.sources[0].data)
    _tell(result)
    return result.items, result.sources


def _check(sources: Sequence[Source], *, diff: bool, output: str | None) -> None:
    if output is not None and len(sources) != 1:
        raise CommandError(
            f"--output is for one file, there are {len(sources)}", hint="--fix changes files in place"
        )
    if output is None and not diff and any(source.name == STDIN for source in sources):
        raise CommandError(
            "standard input cannot be changed in place", hint="-o FILE says where the text goes"
        )


def _tell(result: Fixed) -> None:
    for word, items in (("fixed", result.done), ("not fixed", result.refused)):
        for item in items:
            finding, position = item.finding, item.position
            at = f":{position.line}" if position is not None else ""
            why = "" if word == "fixed" else " (the place cannot be edited alone)"
            click.echo(
                f"{word}[{finding.code}] {finding.place.source}{at}: {printable(finding.message)}{why}",
                err=True,
            )


def _difference(before: Source, after: Source) -> str:
    if before.data == after.data:
        return ""
    old = before.data.decode("utf-8", "replace").splitlines(keepends=True)
    new = after.data.decode("utf-8", "replace").splitlines(keepends=True)
    lines = difflib.unified_diff(old, new, before.name, after.name)
    return "".join(
        line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines
    )
