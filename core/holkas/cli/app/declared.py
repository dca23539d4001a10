"""What the files of a command declare, by whichever importer knows them."""

from __future__ import annotations

from collections.abc import Sequence

from holkas.cli.app import App
from holkas.cli.errors import FAILED, CommandError
from holkas.extensions.declared import Declared


def read_declared(app: App, files: Sequence[str]) -> Declared:
    """The declarations of all importers on all files. Raises CommandError where a document has errors."""
    from holkas.cli.sources import read_documents, read_sources
    from holkas.model.finding import Severity

    sources = read_sources(files)
    documents = read_documents(sources)
    found = []
    for provider in app.manager.providers("importers"):
        declared = app.manager.make("importers", provider.name).declared(documents)
        if declared is not None:
            found.append(declared)
    errors = [item for one in found for item in one.findings if item.severity is Severity.ERROR]
    if errors:
        count = f"{len(errors)} error{'s' if len(errors) > 1 else ''}"
        raise CommandError(f"the files have {count}", exit_code=FAILED, findings=errors, sources=sources)
    return Declared(
        applications=tuple(item for one in found for item in one.applications),
        projects=tuple(item for one in found for item in one.projects),
        clusters=tuple(item for one in found for item in one.clusters),
        repositories=tuple(item for one in found for item in one.repositories),
        findings=tuple(item for one in found for item in one.findings),
    )
