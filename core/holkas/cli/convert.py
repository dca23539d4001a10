"""``holkas convert``: manifests in another form, with a report of what became of each field."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from holkas.cli.app import App
from holkas.cli.errors import FAILED, LOSSY, OK, CommandError

if TYPE_CHECKING:
    from holkas.extensions.conversion import Conversion
    from holkas.yaml import Document, Source


@click.command(name="convert", short_help="Write manifests in another form.")
@click.argument("files", nargs=-1, required=True, metavar="FILE|DIR|- …")
@click.option(
    "--to", "form", required=True, metavar="FORM", help="The form to write, tekton/v1 for instance."
)
@click.option("-i", "--in-place", is_flag=True, help="Change the files instead of printing them.")
@click.option(
    "--strict", is_flag=True, help="Print or change nothing and exit with 5 where something would be lost."
)
@click.pass_obj
def command(app: App, files: tuple[str, ...], form: str, in_place: bool, strict: bool) -> int:
    """Write the documents of FILE in another form; what need not change keeps its text, comments included.

    What became of each field is told on standard error. Documents of other families stay as they are.

    Exit code: 0 converted, 1 a document cannot be converted, 5 something would be lost and --strict is set.
    """
    from holkas.cli.sources import read_documents, read_sources

    sources = read_sources(files)
    if in_place and any(source.name == "<stdin>" for source in sources):
        raise CommandError("standard input cannot be changed in place", hint="leave out --in-place")
    conversions = _conversions(app, read_documents(sources), form)
    _tell(conversions, sources, form)
    if strict and any(change.fate == "lost" for conversion in conversions for change in conversion.changes):
        return LOSSY
    made = {source.name: source for source in sources}
    for conversion in conversions:
        name = conversion.document.source.name
        made[name] = converted(made[name], conversion)
    _write(sources, made, in_place=in_place)
    return FAILED if any(conversion.value is None for conversion in conversions) else OK


def _conversions(app: App, documents: Sequence[Document], form: str) -> list[Conversion]:
    known: list[str] = []
    for provider in app.manager.providers("importers"):
        importer = app.manager.make("importers", provider.name)
        if form in importer.forms():
            found: list[Conversion] = importer.convert(documents, form)
            return found
        known += importer.forms()
    raise CommandError(f"nothing converts to {form}", hint=f"there are: {', '.join(known)}")


def converted(source: Source, conversion: Conversion) -> Source:
    """The source with one document converted: by small edits, or where those cannot be made, written anew."""
    from holkas.yaml import EditError, apply_edits, replace_document

    if conversion.value is None:
        return source
    document = conversion.document.index
    if conversion.edits is not None:
        try:
            return apply_edits(source, document, conversion.edits)
        except EditError:
            pass  # an alias or a merge stands in the way: then the comments of this document go
    click.echo(f"{source.name}: document {document + 1} is written anew, without its comments", err=True)
    return replace_document(source, document, dict(conversion.value))


def _tell(conversions: Sequence[Conversion], sources: Sequence[Source], form: str) -> None:
    """The report: ``file:line: field is now …`` for each change."""
    from holkas.cli.render.findings import render_text
    from holkas.cli.render.printable import printable
    from holkas.model.finding import Place
    from holkas.yaml import locate_each

    by_name = {source.name: source for source in sources}
    places: dict[str, list[tuple[Place, str]]] = {name: [] for name in by_name}
    for conversion in conversions:
        if conversion.findings:
            click.echo(render_text(conversion.findings, sources=sources), err=True)
        for change in conversion.changes:
            name, index = conversion.document.source.name, conversion.document.index
            field = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in change.path)
            said = _SAID[change.fate].format(to=change.to, form=form)
            place = Place(source=name, document=index, path=change.path, on_key=True)
            places[name].append((place, f"{field.lstrip('.')} {said}"))
    for name, told in places.items():
        positions = locate_each(by_name[name], [place for place, _ in told])
        for position, (_, text) in zip(positions, told, strict=True):
            click.echo(f"{name}:{position.line}: {printable(text)}", err=True)


_SAID: Mapping[str, str] = {
    "moved": "is now {to}",
    "changed": "is now {to}",
    "added": "was added: {to}",
    "kept": "has no place in {form} and is kept in the {to}",
    "lost": "is lost: {form} has no place for it",
}


def _write(sources: Sequence[Source], made: Mapping[str, Source], *, in_place: bool) -> None:
    if in_place:
        for source in sources:
            if made[source.name].data != source.data:
                Path(source.name).write_bytes(made[source.name].data)
        return
    sys.stdout.flush()
    for number, source in enumerate(sources):
        data = made[source.name].data
        if number and not data.startswith(b"---"):
            sys.stdout.buffer.write(b"---\n")
        sys.stdout.buffer.write(data if data.endswith(b"\n") or not data else data + b"\n")
    sys.stdout.buffer.flush()
