"""Results of a pipeline run, from the results of its tasks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from holkas.model.param import Result
from holkas.model.value import Value
from holkas.pipeline.references import texts_of
from holkas.pipeline.results_state import missing_result
from holkas.pipeline.run_state import RunState
from holkas.pipeline.substitution import Replacements, substitute_value
from holkas.pipeline.task_state import TaskState

_EXPRESSION = r"\$\(([_a-zA-Z0-9.-]+(?:\[(?:[0-9]+|\*)\])?)\)"
_RESULT = r"(?:tasks|finally)\.([^.]+)\.results\.([^.\[]+)(?:\[([0-9]+|\*)\]|\.([^.]+))?"


class PipelineResultsError(ValueError):
    """A result refers to what a successful task did not emit.

    available: the results that could be filled in.
    """

    def __init__(self, names: Sequence[str], available: tuple[Result, ...]) -> None:
        super().__init__(f"invalid pipelineresults [{' '.join(names)}], the referenced results don't exist")
        self.available = available


def pipeline_results(run: RunState) -> tuple[Result, ...]:
    """The pipeline's results in their order (Tekton's ApplyTaskResultsToPipelineResults).

    What a failed task emitted counts; what it or a skipped task did not emit is left out without a word. A matrix's
    results are only there if a task refers to them: as with Tekton 1.15, others count as not emitted.
    Raises :class:`PipelineResultsError`.
    """
    filling = _Filling(run)
    results: list[Result] = []
    invalid: list[str] = []
    for spec in run.spec.results:
        if spec.value is None:
            continue
        variables = [found for text in texts_of(spec.value) for found in re.findall(_EXPRESSION, text)]
        if not variables:
            continue
        verdicts = [filling.fill(variable) for variable in variables]
        invalid += [spec.name] * verdicts.count("invalid")
        if all(verdict == "filled" for verdict in verdicts):
            results.append(Result(name=spec.name, value=substitute_value(spec.value, filling.replacements)))
    if invalid:
        raise PipelineResultsError(invalid, tuple(results))
    return tuple(results)


class _Filling:
    def __init__(self, run: RunState) -> None:
        self.run = run
        self.strings: dict[str, str] = {}
        self.arrays: dict[str, Sequence[str]] = {}
        self.objects: dict[str, Mapping[str, str]] = {}
        self.replacements = Replacements(self.strings, self.arrays, self.objects)

    def fill(self, variable: str) -> str:
        """Look one variable up: ``filled``, ``invalid``, or ``absent`` where its task did not succeed."""
        if variable in self.strings:
            return "filled"
        match = re.fullmatch(_RESULT, variable)
        if match is None:
            return "invalid"
        task, name, index, key = match.groups()
        state = self.run.by_name.get(task)
        value = None if state is None else self._emitted(state, name)
        if value is None:
            return "invalid" if state is None or state.succeeded else "absent"
        return "filled" if self._file(variable, value, index, key) else "invalid"

    def _emitted(self, state: TaskState, name: str) -> Value | None:
        if (
            state.task.custom_kind
        ):  # to the pipeline it is always text, and counts of one that succeeded (GetRunsResults)
            return state.results().get(name) if state.succeeded and len(state.runs) == 1 else None
        if state.task.matrix is not None and not self._aggregated(state):
            return None
        return self.run.results.get(state.name, {}).get(name)

    def _aggregated(self, producer: TaskState) -> bool:
        if not producer.aggregated:
            # Tasks that never became due have not asked for their results yet; Tekton resolves theirs too.
            for state in self.run.all_tasks():
                if any(reference.task == producer.name for reference in state.references):
                    missing_result(self.run, state)
        return producer.aggregated

    def _file(self, variable: str, value: Value, index: str | None, key: str | None) -> bool:
        if isinstance(value, str):
            if key is None:
                self.strings[variable] = value
            return key is None
        if isinstance(value, Mapping):
            if key is None:
                self.objects[variable.removesuffix("[*]")] = value
            elif key in value:
                self.strings[variable] = value[key]
            return key is None or key in value
        if index == "*":
            self.arrays[variable.removesuffix("[*]")] = value
            return True
        position = int(index or 0)
        if key is None and position < len(value):
            self.strings[variable] = value[position]
            return True
        return False
