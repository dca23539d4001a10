"""From YAML documents to units: decode, defaults, validation, conversion to v1, reading."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from holkas.model.finding import Finding, Place
from holkas.yaml.source import Document

from holkas_compat.tekton.problem import Problem
from holkas_compat.tekton.unit import Noun, Unit

GROUP = "tekton.dev"


def is_tekton(document: Mapping[str, Any]) -> bool:
    """Whether a document is of Tekton's API group, whatever the version."""
    version = document.get("apiVersion")
    return isinstance(version, str) and version.partition("/")[0] == GROUP and "/" in version


def parse(documents: Sequence[Document], level: str) -> list[Unit]:
    """Every document as a unit, in their order; those of Tekton judged at this level of features."""
    return [_unit(document, level) for document in documents]


def _unit(document: Document, level: str) -> Unit:
    value = document.value
    if not isinstance(value, Mapping):
        return Unit(document=document, kind="", name="", tekton=False)
    kind, name = _text(value.get("kind")), _text(_mapping(value.get("metadata")).get("name"))
    if not is_tekton(value):
        return Unit(document=document, kind=kind, name=name, tekton=False)
    noun, problems = _judge(value, kind, level)
    findings = tuple(finding_of(document, problem) for problem in problems)
    return Unit(document=document, kind=kind, name=name, tekton=True, noun=noun, findings=findings)


def _judge(value: Mapping[str, Any], kind: str, level: str) -> tuple[Noun | None, list[Problem]]:
    raise NotImplementedError


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
    )


def _reader(kind: str) -> Callable[[Mapping[str, Any]], Noun] | None:
    from holkas_compat.tekton import reader

    readers: Mapping[str, Callable[[Mapping[str, Any]], Noun]] = {
        "Task": reader.read_task,
        "Pipeline": reader.read_pipeline,
        "StepAction": reader.read_step_action,
        "TaskRun": reader.read_task_run,
        "PipelineRun": reader.read_pipeline_run,
    }
    return readers.get(kind)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
