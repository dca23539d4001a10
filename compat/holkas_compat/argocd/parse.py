"""From YAML documents to units: decode, validate, read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from holkas.model.application import Application
from holkas.model.finding import Finding
from holkas.model.project import Project
from holkas.yaml.source import Document

from holkas_compat.argocd.codes_decode import MISSING
from holkas_compat.argocd.config.recognise import is_configuration
from holkas_compat.argocd.decode import decode
from holkas_compat.argocd.group import is_argocd
from holkas_compat.argocd.unit import Unit
from holkas_compat.argocd.validation import validate, validate_annotations, validate_configuration
from holkas_compat.argocd.validation.annotations import is_annotated
from holkas_compat.manifest.finding import finding_of
from holkas_compat.manifest.problem import Problem
from holkas_compat.manifest.shape import record, text


def parse(documents: Sequence[Document]) -> list[Unit]:
    """Argo CD's documents among these as units, in their order, and resources that are annotated for it.

    Others are left out; resources have no name here, since what they are is not judged.
    """
    units = []
    for document in documents:
        if is_argocd(document.value):
            units.append(_unit(document))
        elif is_configuration(document.value):
            problems = validate_configuration(document.value)
            units.append(_made(document, document.value, _findings(document, problems)))
        elif is_annotated(document.value):
            findings = _findings(document, validate_annotations(document.value))
            units.append(Unit(document=document, kind="", name="", findings=findings))
    return units


def _unit(document: Document) -> Unit:
    decoded = decode(document.value)
    problems = list(decoded.problems)
    if decoded.object is not None:
        told = {problem.path for problem in problems if problem.code == MISSING}
        problems += [problem for problem in validate(decoded.object) if problem.path not in told]
    findings = _findings(document, problems)
    unit = _made(document, document.value, findings, decoded.object)
    read = _READERS.get(unit.kind)
    if read is None or decoded.object is None or unit.broken:
        return unit
    from dataclasses import replace

    return replace(unit, noun=read(decoded.object))


def _made(
    document: Document,
    value: Mapping[str, Any],
    findings: tuple[Finding, ...],
    obj: dict[str, Any] | None = None,
) -> Unit:
    metadata = record(value.get("metadata"))
    return Unit(
        document=document,
        kind=text(value.get("kind")),
        name=text(metadata.get("name")),
        namespace=text(metadata.get("namespace")),
        object=obj,
        findings=findings,
    )


def _findings(document: Document, problems: Sequence[Problem]) -> tuple[Finding, ...]:
    return tuple(finding_of(document, problem) for problem in problems)


def _application(obj: Mapping[str, Any]) -> Application:
    from holkas_compat.argocd.reader import read_application

    return read_application(obj)


def _project(obj: Mapping[str, Any]) -> Project:
    from holkas_compat.argocd.reader import read_project

    return read_project(obj)


_READERS: Mapping[str, Callable[[Mapping[str, Any]], Application | Project]] = {
    "Application": _application,
    "AppProject": _project,
}
