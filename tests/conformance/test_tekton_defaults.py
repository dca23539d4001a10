"""What Tekton fills in: whole objects and single parts, under the cluster's own defaults and under others."""

from __future__ import annotations

from typing import Any

import pytest
from holkas.yaml import load
from holkas_compat.manifest.types import Struct
from holkas_compat.tekton.decode import decode, decode_as
from holkas_compat.tekton.defaults import DefaultsConfig, Operation, apply_defaults, default_part
from holkas_compat.tekton.schema import common, customrun, pipeline, pipelinerun, stepaction, task, taskrun
from holkas_compat.tekton.schema.encode import encode
from holkas_compat.tekton.schema.kinds import V1, table

from tests.conformance.go_encoding import go_encoded, with_generated_name, without_null_timestamps
from tests.shared import rows

pytestmark = pytest.mark.conformance

PARTS: dict[str, tuple[Struct, Struct]] = {
    "ParamSpec": (common.PARAM_SPEC, common.PARAM_SPEC),
    "TaskResult": (common.TASK_RESULT, common.TASK_RESULT),
    "StepResult": (common.STEP_RESULT, common.STEP_RESULT),
    "TaskSpec": (task.TASK_SPEC_V1, task.TASK_SPEC_V1BETA1),
    "PipelineSpec": (pipeline.PIPELINE_SPEC_V1, pipeline.PIPELINE_SPEC_V1BETA1),
    "PipelineTask": (pipeline.PIPELINE_TASK_V1, pipeline.PIPELINE_TASK_V1BETA1),
    "StepActionSpec": (stepaction.STEP_ACTION_SPEC, stepaction.STEP_ACTION_SPEC),
    "TaskRunSpec": (taskrun.TASK_RUN_SPEC_V1, taskrun.TASK_RUN_SPEC_V1BETA1),
    "PipelineRunSpec": (pipelinerun.PIPELINE_RUN_SPEC_V1, pipelinerun.PIPELINE_RUN_SPEC_V1BETA1),
    "CustomRunSpec": (customrun.CUSTOM_RUN_SPEC, customrun.CUSTOM_RUN_SPEC),
}


def _written(row: dict[str, Any]) -> bool:
    """Whether the exporter could write the object: some hold params without a type, which Go refuses to write."""
    return isinstance(row["before"], dict) and "_marshalError" not in row["before"]


DEFAULTS = [row for row in rows("tekton", "defaults.jsonl") if _written(row)]
VALIDATED = [
    row
    for path in (("validation.jsonl",), ("generated", "validation.jsonl"))
    for row in rows("tekton", *path)
    if row.get("defaulted")
]


def _config(row: dict[str, Any]) -> DefaultsConfig:
    operation = Operation.CREATE if row["inCreate"] else Operation.NONE
    settings = row["defaults"]
    if settings is None:
        return DefaultsConfig(operation=operation)
    return DefaultsConfig(
        timeout_minutes=settings["DefaultTimeoutMinutes"],
        service_account=settings["DefaultServiceAccount"],
        managed_by=settings["DefaultManagedByLabelValue"],
        resolver=settings["DefaultResolverType"],
        pod_template=settings["DefaultPodTemplate"],
        operation=operation,
    )


@pytest.mark.parametrize("case", DEFAULTS, ids=lambda case: case["kind"])
def test_defaults(case: dict[str, Any]) -> None:
    kind, version = case["kind"], case["apiVersion"]
    schema = table(kind, version) or PARTS[kind][version != V1]
    before, problems = decode_as(schema, case["before"])
    assert problems == []
    after = encode(schema, default_part(kind, version, before, _config(case)))
    assert after == without_null_timestamps(case["after"])


@pytest.mark.parametrize("case", VALIDATED, ids=lambda case: str(case["id"]))
def test_defaulted_objects(case: dict[str, Any]) -> None:
    value = case["object"] if "object" in case else load(case["yaml"], strict=False)
    decoded = decode(value)
    assert decoded.object is not None
    defaulted = apply_defaults(with_generated_name(decoded.object))
    assert go_encoded(defaulted) == without_null_timestamps(case["defaulted"])
