"""The files that a command is given: names, directories, or ``-`` for standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from holkas.cli.errors import FAILED, CommandError
from holkas.yaml import Document, Source

SUFFIXES = (".yaml", ".yml", ".json")


def read_sources(names: Sequence[str]) -> list[Source]:
    """The sources in the order given; a directory stands for its manifests, sorted, hidden ones left out.

    Raises CommandError for what cannot be read.
    """
    sources: list[Source] = []
    for name in names:
        if name == "-":
            sources.append(Source("<stdin>", sys.stdin.buffer.read()))
            continue
        path = Path(name)
        if path.is_dir():
            found = sorted(_manifests(path))
            if not found:
                raise CommandError(f"{name}: the directory holds no .yaml, .yml or .json file")
            sources += [Source.read(file) for file in found]
            continue
        try:
            sources.append(Source.read(path))
        except OSError as error:
            raise CommandError(f"{name}: {error.strerror or error}") from error
    return sources


def _manifests(directory: Path) -> Iterable[Path]:
    for path in directory.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(directory).parts[:-1])
        if path.suffix in SUFFIXES and not hidden and path.is_file():
            yield path


def read_documents(sources: Sequence[Source]) -> list[Document]:
    """All documents of all sources. Raises CommandError with every syntax error found."""
    from holkas.model.finding import Finding
    from holkas.yaml import YamlError, load_documents

    documents: list[Document] = []
    findings: list[Finding] = []
    for source in sources:
        try:
            documents += load_documents(source)
        except YamlError as error:
            findings.append(error.finding)
    if findings:
        count = f"{len(findings)} files" if len(findings) > 1 else "a file"
        raise CommandError(f"{count} cannot be read", exit_code=FAILED, findings=findings, sources=sources)
    return documents
