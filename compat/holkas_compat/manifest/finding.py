"""Problems of a document as findings in its file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.model.edit import Edit
from holkas.model.finding import Finding, Place, Severity
from holkas.model.path import PathPart
from holkas.yaml.source import Document

from holkas_compat.manifest.problem import Problem


def finding_of(document: Document, problem: Problem) -> Finding:
    """A problem with the document in which it stands."""
    place = Place(
        source=document.source.name,
        document=document.index,
        path=problem.path,
        on_key=problem.on_key,
        within=problem.within,
    )
    return Finding(
        code=problem.code,
        message=problem.message,
        place=place,
        severity=problem.severity,
        hint=problem.hint,
        fields=problem.fields,
        fix=problem.fix,
    )


def finding_at(
    document: Document,
    code: str,
    message: str,
    path: tuple[PathPart, ...] = (),
    *,
    severity: Severity = Severity.ERROR,
    hint: str = "",
    within: str = "",
    on_key: bool = False,
    fix: tuple[Edit, ...] = (),
) -> Finding:
    """A finding at a path of a document; where the document lacks its end, the part that exists is pointed at."""
    known = existing(document.value, path)
    place = Place(
        source=document.source.name,
        document=document.index,
        path=known,
        on_key=on_key and len(known) == len(path),
        within=within if len(known) == len(path) else "",
    )
    fields = (field_text(known),) if known else ()
    return Finding(
        code=code, message=message, place=place, severity=severity, hint=hint, fields=fields, fix=fix
    )


def field_text(path: tuple[PathPart, ...]) -> str:
    """A path in Kubernetes' spelling: ``spec.tasks[0].params``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def existing(value: Any, path: tuple[PathPart, ...]) -> tuple[PathPart, ...]:
    """The part of a path that a value has."""
    for depth, part in enumerate(path):
        found = (
            isinstance(value, Mapping) and part in value
            if isinstance(part, str)
            else isinstance(value, list) and part < len(value)
        )
        if not found:
            return path[:depth]
        value = value[part]
    return path
