"""Documents as they were read, converted to the newest version of their kinds, with a report."""

from __future__ import annotations

from collections.abc import Sequence

from holkas.extensions.conversion import Conversion
from holkas.model.finding import Severity
from holkas.yaml.source import Document

from holkas_compat.manifest.edits import NoEditsError, steps_between
from holkas_compat.tekton.conversion.errors import ConversionError
from holkas_compat.tekton.conversion.report import changes_of


def convert_documents(documents: Sequence[Document]) -> list[Conversion]:
    """Each of Tekton's documents, those that are of the newest version without a change."""
    from holkas_compat.tekton.parse import is_tekton

    return [
        _convert(document)
        for document in documents
        if isinstance(document.value, dict) and is_tekton(document.value)
    ]


def _convert(document: Document) -> Conversion:
    from holkas_compat.manifest.finding import finding_of
    from holkas_compat.manifest.problem import Problem
    from holkas_compat.tekton.decode import decode
    from holkas_compat.tekton.lint.codes import NO_V1_FORM
    from holkas_compat.tekton.older import newest

    decoded = decode(document.value)
    old = decoded.object
    if old is None or not decoded.accepted:
        errors = [problem for problem in decoded.problems if problem.severity is Severity.ERROR]
        findings = tuple(finding_of(document, problem) for problem in errors)
        return Conversion(document=document, value=None, findings=findings)
    try:
        new = newest(old)
    except ConversionError as error:
        problem = Problem(NO_V1_FORM, str(error), ("apiVersion",), ("apiVersion",))
        return Conversion(document=document, value=None, findings=(finding_of(document, problem),))
    try:
        steps = steps_between(old, new)
    except NoEditsError:
        return Conversion(document=document, value=new, edits=None)
    return Conversion(
        document=document,
        value=new,
        edits=tuple(step.edit for step in steps),
        changes=changes_of(steps, old, new),
    )
