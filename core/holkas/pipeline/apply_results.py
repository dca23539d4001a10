"""Variables of a pipeline task that become known while the pipeline runs: results, statuses, artifacts …"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from holkas.go_json import json_text
from holkas.model.pipeline import PipelineTask
from holkas.model.value import Value
from holkas.pipeline.apply_container import change_text, substitute_params
from holkas.pipeline.references import (
    ResultReference,
    result_references,
    result_references_in,
    texts_of,
)
from holkas.pipeline.substitute_pipeline_task import (
    substitute_matrix,
    substitute_reference,
    substitute_sub_paths,
)
from holkas.pipeline.substitute_task import substitute_task
from holkas.pipeline.substitution import Replacements
from holkas.pipeline.when import substitute_when
from holkas.records import replace

Results = Mapping[str, Mapping[str, Value]]
"""Values by pipeline task and result name."""


def apply_results(task: PipelineTask, results: Results) -> PipelineTask:
    """Replace ``$(tasks.t.results.r)`` with its indexes and keys in a pipeline task.

    What is not among ``results`` stays as it is; callers find it before with
    :func:`holkas.pipeline.references.result_references`. An embedded task gets the results of all tasks that
    ended before it, asked for or not.
    """
    replacements = result_replacements(_references(task), results)
    changes: dict[str, Any] = {}
    if (params := substitute_params(task.params, replacements)) is not task.params:
        changes["params"] = params
    if (
        task.matrix is not None
        and (matrix := substitute_matrix(task.matrix, replacements)) is not task.matrix
    ):
        changes["matrix"] = matrix
    if task.when and (when := substitute_when(task.when, replacements)) != task.when:
        changes["when"] = when
    if task.ref is not None and (ref := substitute_reference(task.ref, replacements)) is not task.ref:
        changes["ref"] = ref
    change_text(changes, "display_name", task.display_name, replacements)
    if (workspaces := substitute_sub_paths(task.workspaces, replacements)) is not task.workspaces:
        changes["workspaces"] = workspaces
    if task.task_spec is not None:
        propagated = Replacements(_ResultTexts(results), _ResultArrays(results))
        embedded = substitute_task(task.task_spec, propagated)
        if embedded is not task.task_spec:
            changes["task_spec"] = embedded
    return replace(task, **changes) if changes else task


def _references(task: PipelineTask) -> Iterator[ResultReference]:
    """Those that the task waits for, and those that are only filled in where they are known."""
    yield from result_references(task)
    texts = [task.display_name, *(workspace.sub_path for workspace in task.workspaces)]
    if task.ref is not None:
        texts.append(task.ref.name)
        for param in task.ref.params:
            texts.extend(texts_of(param.value))
    for text in texts:
        yield from result_references_in(text)


def result_replacements(references: Iterable[ResultReference], results: Results) -> Replacements:
    """Replacements for the results that are referred to and known, in all notations."""
    strings: dict[str, str] = {}
    arrays: dict[str, Sequence[str]] = {}
    objects: dict[str, Mapping[str, str]] = {}
    done: set[tuple[str, str]] = set()
    for reference in references:
        task, name = reference.task, reference.result
        value = results.get(task, {}).get(name)
        if value is None or (task, name) in done:
            continue
        done.add((task, name))
        base = f"tasks.{task}.results"
        for spelling in (f"{base}.{name}", f'{base}["{name}"]', f"{base}['{name}']"):
            if isinstance(value, str):
                strings[spelling] = value
            elif isinstance(value, Mapping):
                objects[spelling] = value
                dotted = spelling.endswith(f".{name}")
                strings.update(
                    (f"{spelling}.{k}" if dotted else f"{spelling}[{k}]", v) for k, v in value.items()
                )
            else:
                arrays[spelling] = value
                strings.update((f"{spelling}[{index}]", item) for index, item in enumerate(value))
    return Replacements(strings, arrays, objects)


class _ResultTexts:
    """Looks up ``tasks.t.results.r`` and ``tasks.t.results.r.key`` when asked; no table of all is made."""

    __slots__ = ("_results",)

    def __init__(self, results: Results) -> None:
        self._results = results

    def get(self, key: str, /) -> str | None:
        words = key.split(".")
        if len(words) < 4 or words[0] != "tasks" or words[2] != "results":
            return None
        of_task = self._results.get(words[1], {})
        value = of_task.get(key.split(".", 3)[3])
        if isinstance(value, str):
            return value
        if len(words) == 5 and isinstance(owner := of_task.get(words[3]), Mapping):
            return owner.get(words[4])
        return None


class _ResultArrays:
    __slots__ = ("_results",)

    def __init__(self, results: Results) -> None:
        self._results = results

    def get(self, key: str, /) -> Sequence[str] | None:
        words = key.split(".", 3)
        if len(words) < 4 or words[0] != "tasks" or words[2] != "results":
            return None
        value = self._results.get(words[1], {}).get(words[3])
        return None if value is None or isinstance(value, str | Mapping) else value


def apply_statuses(task: PipelineTask, statuses: Mapping[str, str]) -> PipelineTask:
    """Replace ``$(tasks.t.status)``, ``$(tasks.t.reason)`` and ``$(tasks.status)`` in a finally task.

    statuses: by the reference's own text (``tasks.build.status``). Not in its matrix and not in an embedded
    task, as in Tekton.
    """
    replacements = Replacements(statuses)
    changes: dict[str, Any] = {}
    if (params := substitute_params(task.params, replacements)) is not task.params:
        changes["params"] = params
    if task.when and (when := substitute_when(task.when, replacements)) != task.when:
        changes["when"] = when
    if task.ref is not None and (ref := substitute_reference(task.ref, replacements)) is not task.ref:
        changes["ref"] = ref
    change_text(changes, "display_name", task.display_name, replacements)
    return replace(task, **changes) if changes else task


def apply_pipeline_task_context(task: PipelineTask, lengths: Mapping[str, int] | None = None) -> PipelineTask:
    """Replace ``$(context.pipelineTask.retries)`` and the lengths of matrices.

    lengths: by the reference's own text: ``tasks.t.matrix.length`` (combinations),
    ``tasks.t.matrix.r.length`` (values of the aggregated result).
    """
    values = {name: str(length) for name, length in (lengths or {}).items()}
    values["context.pipelineTask.retries"] = str(task.retries)
    replacements = Replacements(values)
    changes: dict[str, Any] = {}
    if (params := substitute_params(task.params, replacements)) is not task.params:
        changes["params"] = params
    if (
        task.matrix is not None
        and (matrix := substitute_matrix(task.matrix, replacements)) is not task.matrix
    ):
        changes["matrix"] = matrix
    change_text(changes, "display_name", task.display_name, replacements)
    return replace(task, **changes) if changes else task


Artifacts = Mapping[str, tuple[Sequence[Mapping[str, Any]], Sequence[Mapping[str, Any]]]]
"""Inputs and outputs (as in ``status.artifacts``: ``name``, ``values``) by pipeline task."""


def apply_artifacts(task: PipelineTask, artifacts: Artifacts) -> PipelineTask:
    """Replace ``$(tasks.t.outputs.a)`` and ``inputs`` in an embedded task by JSON.

    The JSON is that of the artifact's values; without a name it is the first artifact.
    """
    if task.task_spec is None or not artifacts:
        return task
    values: dict[str, str] = {}
    for name, (inputs, outputs) in artifacts.items():
        values.update(artifact_values(f"tasks.{name}.inputs", inputs))
        values.update(artifact_values(f"tasks.{name}.outputs", outputs))
    embedded = substitute_task(task.task_spec, Replacements(values))
    return task if embedded is task.task_spec else replace(task, task_spec=embedded)


def artifact_values(prefix: str, artifacts: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The texts of ``<prefix>.<name>`` for each artifact and of ``<prefix>`` for the first."""
    values: dict[str, str] = {}
    for index, artifact in enumerate(artifacts):
        text = json_text(artifact.get("values"))
        values[f"{prefix}.{artifact.get('name', '')}"] = text
        if index == 0:
            values[prefix] = text
    return values
