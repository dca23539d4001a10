"""Problems of a document as findings in its file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.model.finding import Finding, Place
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
