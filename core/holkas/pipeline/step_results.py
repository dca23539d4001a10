"""Results and artifacts of earlier steps, put into a step right before it starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from holkas.model.step import Step
from holkas.model.value import Value
from holkas.pipeline.apply_container import substitute_texts
from holkas.pipeline.apply_results import artifact_values
from holkas.pipeline.references import Reference, references_in
from holkas.pipeline.substitution import Replacements, substitute
from holkas.pipeline.when import substitute_when
from holkas.records import replace

StepResults = Mapping[str, Mapping[str, Value]]
"""Values by step name (without ``step-``) and result name."""


class MissingStepResultError(ValueError):
    """A step refers to a result that the earlier step did not write; the step fails before it starts."""


def apply_step_results(step: Step, results: StepResults) -> Step:
    """Replace ``$(steps.s.results.r)``, with ``[i]``, ``[*]`` and ``.key``, in command, args, env and when.

    Not in the script, so that nothing that a step writes is run as a program (TEP-0142). A whole array must
    be the entire argument. Raises MissingStepResultError.
    """
    texts = [*step.command, *step.args, *(entry.value for entry in step.env)]
    for when in step.when:
        texts += [when.input, when.cel, *when.values]
    references = [ref for text in texts for ref in references_in(text) if _is_step_result(ref)]
    if not references:
        return step
    replacements = _replacements(references, results)
    return replace(
        step,
        command=substitute_texts(step.command, replacements),
        args=substitute_texts(step.args, replacements),
        env=tuple(replace(entry, value=substitute(entry.value, replacements)) for entry in step.env),
        when=substitute_when(step.when, replacements),
    )


def _is_step_result(reference: Reference) -> bool:
    return reference.scope == "steps" and len(reference.names) in (3, 4) and reference.names[1] == "results"


def _replacements(references: Sequence[Reference], results: StepResults) -> Replacements:
    strings: dict[str, str] = {}
    arrays: dict[str, Sequence[str]] = {}
    for reference in references:
        value = results.get(reference.names[0], {}).get(reference.names[2])
        if value is None:
            raise MissingStepResultError(f"failed to find replacement for $({reference.text})")
        if reference.star:
            arrays[reference.text.removesuffix("[*]")] = () if isinstance(value, str | Mapping) else value
        else:
            strings[reference.text] = _single(reference, value)
    return Replacements(strings, arrays)


def _single(reference: Reference, value: Value) -> str:
    if len(reference.names) == 4:
        return value.get(reference.names[3], "") if isinstance(value, Mapping) else ""
    if reference.index is None:
        return value if isinstance(value, str) else ""
    if isinstance(value, str | Mapping) or reference.index >= len(value):
        raise MissingStepResultError(f"index out of range in $({reference.text})")
    return value[reference.index]


Artifacts = Mapping[str, tuple[Sequence[Mapping[str, Any]], Sequence[Mapping[str, Any]]]]
"""Inputs and outputs (``name``, ``values``) by step name."""


def apply_step_artifacts(step: Step, artifacts: Artifacts) -> Step:
    """Replace ``$(steps.s.outputs.a)`` and ``inputs`` by JSON, in command, args, env and the script too."""
    values: dict[str, str] = {}
    for name, (inputs, outputs) in artifacts.items():
        values.update(artifact_values(f"steps.{name}.inputs", inputs))
        values.update(artifact_values(f"steps.{name}.outputs", outputs))
    if not values:
        return step
    replacements = Replacements(values)
    return replace(
        step,
        command=substitute_texts(step.command, replacements),
        args=substitute_texts(step.args, replacements),
        env=tuple(replace(entry, value=substitute(entry.value, replacements)) for entry in step.env),
        script=substitute(step.script, replacements),
    )
