"""Which rules judge which kind, in which versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from holkas_compat.manifest.problem import Problem
from holkas_compat.manifest.shape import text
from holkas_compat.tekton.validation.customrun import check_custom_run
from holkas_compat.tekton.validation.level import FeatureFlags, Level
from holkas_compat.tekton.validation.pipeline import check_pipeline
from holkas_compat.tekton.validation.pipelinerun import check_pipeline_run
from holkas_compat.tekton.validation.scope import Collector, Scope
from holkas_compat.tekton.validation.stepaction import check_step_action
from holkas_compat.tekton.validation.task import check_task
from holkas_compat.tekton.validation.taskrun import check_task_run
from holkas_compat.tekton.validation.verificationpolicy import check_verification_policy

Rules = Callable[[dict[str, Any], Scope], None]

RULES: dict[str, Rules] = {
    "CustomRun": check_custom_run,
    "Pipeline": check_pipeline,
    "PipelineRun": check_pipeline_run,
    "StepAction": check_step_action,
    "Task": check_task,
    "TaskRun": check_task_run,
    "VerificationPolicy": check_verification_policy,
}


def validate(
    obj: dict[str, Any], *, level: Level = Level.BETA, flags: FeatureFlags | None = None
) -> list[Problem]:
    """Judge an object as Tekton's admission would; all problems, none if it is accepted.

    obj: in Tekton's JSON shape, decoded and with its defaults; a kind without rules has no problems.
    flags: in place of those that belong to the level.
    """
    rules = RULES.get(text(obj.get("kind")))
    if rules is None:
        return []
    version = text(obj.get("apiVersion")).rpartition("/")[2]
    collector = Collector(flags or FeatureFlags.for_level(level), version)
    rules(obj, Scope(collector))
    return collector.problems()
