"""Finding ``$(…)`` references in text, and taking them apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from holkas.model.param import Param
from holkas.model.pipeline import PipelineTask
from holkas.model.step import Container
from holkas.model.value import Value
from holkas.records import dataclass

SCOPES = frozenset(
    {
        "params",
        "tasks",
        "finally",
        "workspaces",
        "context",
        "steps",
        "step",
        "results",
        "artifacts",
        "credentials",
    }
)
"""The first words of references that Tekton knows."""

_REFERENCE = r"""\$\(([_a-zA-Z](?:[_a-zA-Z0-9./-]|\["[^"()]*"\]|\['[^'()]*'\])*(?:\[(?:[0-9]+|\*)\])?)\)"""
_PLAIN = r"\$\(([_a-zA-Z0-9.-]+(?:\[(?:[0-9]+|\*)\])?)\)"
_PART = r"""\["([^"]*)"\]|\['([^']*)'\]|\[([0-9]+|\*)\]|([^.\[]+)"""


@dataclass(frozen=True, slots=True)
class Reference:
    """One ``$(…)``.

    text: what stands between ``$(`` and ``)``, as written.
    scope: the first word, one of :data:`SCOPES` or an unknown one.
    names: the further words; brackets (``["a.b"]``) are taken off, their content is one word.
    index: of ``[i]`` at the end, or None. star: whether ``[*]`` stands at the end.
    """

    text: str
    scope: str
    names: tuple[str, ...] = ()
    index: int | None = None
    star: bool = False


@dataclass(frozen=True, slots=True)
class ResultReference:
    """A result of a task of the pipeline.

    text: the whole reference, ``tasks.<task>.results.<result>`` with ``[index]``, ``[*]`` or ``.<key>``.
    """

    task: str
    result: str
    index: int | None = None
    key: str = ""
    star: bool = False
    text: str = ""


def parse_reference(text: str) -> Reference | None:
    """Take apart what stands between ``$(`` and ``)``; None where it is no reference (a command, say)."""
    return _parse(text) if re.fullmatch(_REFERENCE, f"$({text})") else None


def references_in(text: str) -> Iterator[Reference]:
    """All references in a text, from left to right; those of unknown scope too."""
    if "$(" not in text:
        return
    for match in re.finditer(_REFERENCE, text):
        yield _parse(match[1])


def references_in_value(value: Value) -> Iterator[Reference]:
    """All references in a param's value."""
    for text in texts_of(value):
        yield from references_in(text)


def texts_of(value: Value) -> Iterable[str]:
    """The strings of which a value consists; an object's keys are not among them."""
    if isinstance(value, str):
        return (value,)
    return value.values() if isinstance(value, Mapping) else value


@lru_cache(maxsize=4096)
def _parse(text: str) -> Reference:
    words: list[str] = []
    index: int | None = None
    star = False
    for double, single, position, word in re.findall(_PART, text):
        if position == "*":
            star = True
        elif position:
            index = int(position)
        else:
            words.append(double or single or word)
    return Reference(text, words[0], tuple(words[1:]), index, star)


@lru_cache(maxsize=4096)
def parse_result_reference(text: str) -> ResultReference | None:
    """A reference to a task's result, or None.

    Only the dotted notation counts, with four words, or five for an object's key; any other text is no
    reference to a result for Tekton either (pkg/internal/resultref).
    """
    words = text.split(".")
    if len(words) not in (4, 5) or words[0] not in ("tasks", "finally") or words[2] != "results":
        return None
    if len(words) == 5:
        return ResultReference(words[1], words[3], key=words[4], text=text)
    name, bracket, position = words[3].partition("[")
    if not bracket:
        return ResultReference(words[1], name, text=text)
    if position == "*]":
        return ResultReference(words[1], name, star=True, text=text)
    return ResultReference(words[1], name, index=int(position[:-1]), text=text)


def plain_references_in(text: str) -> list[str]:
    """What stands between ``$(`` and ``)`` in the dotted notation, in which alone Tekton looks for what must exist."""
    return re.findall(_PLAIN, text) if "$(" in text else []


def result_references_in(text: str) -> Iterator[ResultReference]:
    """The references to results of tasks in a text."""
    for plain in plain_references_in(text):
        if (reference := parse_result_reference(plain)) is not None:
            yield reference


def result_references(task: PipelineTask) -> Iterator[ResultReference]:
    """The results that a pipeline task waits for, wherever Tekton looks for them, repeated ones too.

    These make the edges of the graph: params, matrix, when expressions, and the steps and sidecars of an
    embedded task. What a display name, a ``subPath`` or a resolver's params mention is filled in when it is
    there, but not waited for (PipelineTaskResultRefs in pkg/apis/pipeline/v1/resultref.go).
    """
    for text in _texts_with_results(task):
        if "$(tasks." in text:
            yield from result_references_in(text)


def _texts_with_results(task: PipelineTask) -> Iterator[str]:
    yield from _texts_of_params(task.params)
    if task.matrix is not None:
        yield from _texts_of_params(task.matrix.params)
        for include in task.matrix.include:
            yield from _texts_of_params(include.params)
    for when in task.when:
        yield when.input
        yield when.cel
        yield from when.values
    if task.task_spec is not None:
        for step in task.task_spec.steps:
            yield step.script
            yield from _texts_of_container(step)
        for sidecar in task.task_spec.sidecars:
            yield sidecar.script
            yield from _texts_of_container(sidecar)


def _texts_of_container(container: Container) -> Iterator[str]:
    yield container.name
    yield container.image
    yield container.working_dir
    yield from container.command
    yield from container.args
    for env in container.env:
        yield env.value
        for key in ("secretKeyRef", "configMapKeyRef"):
            if source := env.source.get(key):
                yield str(source.get("name", ""))
                yield str(source.get("key", ""))


def _texts_of_params(params: Iterable[Param]) -> Iterator[str]:
    for param in params:
        yield from texts_of(param.value)
