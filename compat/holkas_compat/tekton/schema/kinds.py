"""Which kind in which version has which table."""

from __future__ import annotations

from holkas_compat.manifest.types import Struct
from holkas_compat.tekton.schema.customrun import CUSTOM_RUN
from holkas_compat.tekton.schema.pipeline import PIPELINE_V1, PIPELINE_V1BETA1
from holkas_compat.tekton.schema.pipelinerun import PIPELINE_RUN_V1, PIPELINE_RUN_V1BETA1
from holkas_compat.tekton.schema.stepaction import STEP_ACTION
from holkas_compat.tekton.schema.task import TASK_V1, TASK_V1BETA1
from holkas_compat.tekton.schema.taskrun import TASK_RUN_V1, TASK_RUN_V1BETA1
from holkas_compat.tekton.schema.verificationpolicy import VERIFICATION_POLICY

GROUP = "tekton.dev"
V1 = "tekton.dev/v1"
V1BETA1 = "tekton.dev/v1beta1"
V1ALPHA1 = "tekton.dev/v1alpha1"

KINDS: dict[tuple[str, str], Struct] = {
    ("Task", V1): TASK_V1,
    ("Task", V1BETA1): TASK_V1BETA1,
    ("Pipeline", V1): PIPELINE_V1,
    ("Pipeline", V1BETA1): PIPELINE_V1BETA1,
    ("TaskRun", V1): TASK_RUN_V1,
    ("TaskRun", V1BETA1): TASK_RUN_V1BETA1,
    ("PipelineRun", V1): PIPELINE_RUN_V1,
    ("PipelineRun", V1BETA1): PIPELINE_RUN_V1BETA1,
    ("StepAction", V1BETA1): STEP_ACTION,
    ("StepAction", V1ALPHA1): STEP_ACTION,
    ("CustomRun", V1BETA1): CUSTOM_RUN,
    ("VerificationPolicy", V1ALPHA1): VERIFICATION_POLICY,
}


def table(kind: str, api_version: str) -> Struct | None:
    """The table of ``kind`` in ``api_version`` (``tekton.dev/v1``), or None where Tekton has no such kind."""
    return KINDS.get((kind, api_version))


def versions(kind: str) -> list[str]:
    """The versions in which a kind exists, the newest first; empty if Tekton has no such kind."""
    return [version for name, version in KINDS if name == kind]
