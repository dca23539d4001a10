"""Which rules judge which kind, in which versions."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from holkas_compat.manifest.problem import Problem
from holkas_compat.manifest.shape import text
from holkas_compat.tekton.validation.level import FeatureFlags, Level
from holkas_compat.tekton.validation.scope import Collector, Scope

RULES: dict[str, tuple[str, str]] = {
    "CustomRun": ("customrun", "check_custom_run"),
    "Pipeline": ("pipeline", "check_pipeline"),
    "PipelineRun": ("pipelinerun", "check_pipeline_run"),
    "StepAction": ("stepaction", "check_step_action"),
    "Task": ("task", "check_task"),
    "TaskRun": ("taskrun", "check_task_run"),
    "VerificationPolicy": ("verificationpolicy", "check_verification_policy"),
}
"""Kind → module beside this one and function. Imported where an object of the kind is judged."""


def _rules(kind: str) -> Callable[[dict[str, Any], Scope], None] | None:
    if kind not in RULES:
        return None
    module, name = RULES[kind]
    found: Callable[[dict[str, Any], Scope], None] = getattr(import_module(f"{__package__}.{module}"), name)
    return found


def validate(
    obj: dict[str, Any], *, level: Level = Level.BETA, flags: FeatureFlags | None = None
) -> list[Problem]:
    """Judge an object as Tekton's admission would; all problems, none if it is accepted.

    obj: in Tekton's JSON shape, decoded and with its defaults; a kind without rules has no problems.
    flags: in place of those that belong to the level.
    """
    rules = _rules(text(obj.get("kind")))
    if rules is None:
        return []
    version = text(obj.get("apiVersion")).rpartition("/")[2]
    collector = Collector(flags or FeatureFlags.for_level(level), version)
    rules(obj, Scope(collector))
    return collector.problems()
