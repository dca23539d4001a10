"""Changes of an application or project made in the text that declares it."""

from __future__ import annotations

from typing import Any

from holkas.model.application import Application
from holkas.model.project import Project
from holkas.yaml.source import Document, Source

from holkas_compat.argocd.decode import decode
from holkas_compat.argocd.reader import read_application, read_project
from holkas_compat.argocd.writer.application import write_application
from holkas_compat.argocd.writer.project import write_project
from holkas_compat.manifest.edits import NoEditsError, steps_between


def rewrite(source: Source, document: Document, noun: Application | Project) -> Source:
    """The source in which a document says what the noun says; comments, order and spelling of the rest stay.

    document: of the source, the noun's own kind. Only what the noun says differently is edited; where that cannot be
    done by edits of single entries, the document alone is written anew. Raises YamlError for a text that cannot be
    read, EditError where the change would reach beyond the document.
    """
    from holkas.yaml import EditError, apply_edits, replace_document

    new = _written(noun)
    before = decode(document.value).object or {}
    old = _written(read_application(before) if isinstance(noun, Application) else read_project(before))
    try:
        edits = [step.edit for step in steps_between(old, new)]
        return apply_edits(source, document.index, edits)
    except (NoEditsError, EditError):
        return replace_document(source, document.index, new)


def _written(noun: Application | Project) -> dict[str, Any]:
    return write_application(noun) if isinstance(noun, Application) else write_project(noun)
