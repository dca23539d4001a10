"""From YAML documents to units: decode, defaults, validation, conversion to v1, reading."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from holkas.model.finding import Finding, Severity
from holkas.yaml.source import Document

from holkas_compat.manifest.finding import finding_of
from holkas_compat.manifest.problem import Problem
from holkas_compat.tekton.lint.codes import NO_V1_FORM
from holkas_compat.tekton.schema.kinds import GROUP, versions
from holkas_compat.tekton.unit import Noun, Unit


def is_tekton(document: Mapping[str, Any]) -> bool:
    """Whether a document is of Tekton's API group, whatever the version, or was meant to be.

    One of Tekton's kinds without a group, or with one that is nearly Tekton's, is taken for a misspelling; with
    the group of somebody else (``kubeflow.org/v1`` has a Pipeline too) it is theirs.
    """
    group, slash, _ = _text(document.get("apiVersion")).rpartition("/")
    if group == GROUP:
        return True
    kind = _text(document.get("kind"))
    return bool(versions(kind)) and (not slash or _nearly(group))


def _nearly(group: str) -> bool:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, group.lower(), GROUP).ratio() > 0.75


def parse(documents: Sequence[Document], level: str) -> list[Unit]:
    """Every document as a unit, in their order; those of Tekton judged at this level of features."""
    units = [_unit(document, level) for document in documents]
    return _without_strangers(units)


def _without_strangers(units: list[Unit]) -> list[Unit]:
    """Says nothing of files that hold no manifest at all, when others do: a directory has other YAML, too."""
    manifests = {unit.document.source.name for unit in units if unit.kind}
    if not manifests:
        return units
    return [
        unit if unit.kind or unit.document.source.name in manifests else replace(unit, findings=())
        for unit in units
    ]


def _unit(document: Document, level: str) -> Unit:
    value = document.value
    if not isinstance(value, Mapping):
        return Unit(document=document, kind="", name="", tekton=False, findings=_no_manifest(document))
    kind, name = _text(value.get("kind")), _text(_mapping(value.get("metadata")).get("name"))
    if not is_tekton(value):
        findings = () if kind or value.get("apiVersion") else _no_manifest(document)
        return Unit(document=document, kind=kind, name=name, tekton=False, findings=findings)
    obj, noun, problems = _judge(value, kind, level)
    findings = tuple(finding_of(document, problem) for problem in problems)
    return Unit(
        document=document, kind=kind, name=name, tekton=True, object=obj, noun=noun, findings=findings
    )


def _judge(
    value: Mapping[str, Any], kind: str, level: str
) -> tuple[dict[str, Any] | None, Noun | None, list[Problem]]:
    """The document as Tekton spells it, the model of one that it accepts, and everything that is wrong with it.

    The model is read from what was written, without defaults: they would hide what the user said.
    """
    from holkas_compat.tekton.conversion.errors import ConversionError
    from holkas_compat.tekton.decode import decode
    from holkas_compat.tekton.defaults import apply_defaults
    from holkas_compat.tekton.older import newest
    from holkas_compat.tekton.validation import Level, validate

    decoded = decode(value)
    problems = list(decoded.problems)
    if decoded.object is None or not decoded.accepted:
        return None, None, problems
    problems += validate(apply_defaults(decoded.object), level=Level(level))
    if any(problem.severity is Severity.ERROR for problem in problems):
        return decoded.object, None, problems
    try:
        made = newest(decoded.object)
    except ConversionError as error:
        problem = Problem(NO_V1_FORM, str(error), ("apiVersion",), ("apiVersion",))
        return decoded.object, None, [*problems, problem]
    read = _reader(kind)
    return decoded.object, (None if read is None else read(made)), problems


def _no_manifest(document: Document) -> tuple[Finding, ...]:
    """What stands in for a document that is of no kind at all: Kubernetes would refuse the file."""
    from holkas_compat.tekton.decode import decode

    return tuple(finding_of(document, problem) for problem in decode(document.value).problems)


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
