"""What runs report (taskrun_types.go, pipelinerun_types.go, artifact_types.go, provenance.go)."""

from __future__ import annotations

from collections.abc import Mapping

from holkas_compat.manifest.types import (
    ANY,
    BOOL,
    INT32,
    INT64,
    PARAM_VALUE,
    STRING,
    STRING_MAP,
    TIME,
    Field,
    Later,
    ListOf,
    MapOf,
    Struct,
    Type,
    deprecated,
    kept,
    struct,
)
from holkas_compat.tekton.schema.common import WHEN
from holkas_compat.tekton.schema.pipeline import PIPELINE_SPEC_V1, PIPELINE_SPEC_V1BETA1
from holkas_compat.tekton.schema.pipeline_resources import RESOURCE_REF
from holkas_compat.tekton.schema.task import TASK_SPEC_V1, TASK_SPEC_V1BETA1

Fields = Mapping[str, Type | Field]

_CONDITION = struct(
    "apis.Condition",
    {
        "type": kept(STRING),
        "status": kept(STRING),
        "severity": STRING,
        "lastTransitionTime": kept(TIME),
        "reason": STRING,
        "message": STRING,
    },
)

DUCK_STATUS: Fields = {
    "observedGeneration": INT64,
    "conditions": ListOf(_CONDITION),
    "annotations": STRING_MAP,
}

_CONTAINER_STATE: Fields = {
    "waiting": struct("corev1.ContainerStateWaiting", {"reason": STRING, "message": STRING}),
    "running": struct("corev1.ContainerStateRunning", {"startedAt": kept(TIME)}),
    "terminated": struct(
        "corev1.ContainerStateTerminated",
        {
            "exitCode": kept(INT32),
            "signal": INT32,
            "reason": STRING,
            "message": STRING,
            "startedAt": kept(TIME),
            "finishedAt": kept(TIME),
            "containerID": STRING,
        },
    ),
    "name": STRING,
    "container": STRING,
    "imageID": STRING,
}

_RUN_RESULT = struct("v1.TaskRunResult", {"name": kept(STRING), "type": STRING, "value": kept(PARAM_VALUE)})

_ARTIFACTS = ListOf(
    struct(
        "v1.Artifact",
        {
            "name": STRING,
            "values": ListOf(struct("v1.ArtifactValue", {"digest": STRING_MAP, "uri": STRING})),
            "buildOutput": BOOL,
        },
    )
)

_SOURCE = struct("v1.RefSource", {"uri": STRING, "digest": STRING_MAP, "entryPoint": STRING})

PROVENANCE_V1 = struct("v1.Provenance", {"refSource": _SOURCE, "featureFlags": ANY})
PROVENANCE_V1BETA1 = struct(
    "v1beta1.Provenance",
    {"configSource": deprecated(_SOURCE), "refSource": _SOURCE, "featureFlags": ANY},
)

_STEP_STATE_V1 = struct(
    "v1.StepState",
    {
        **_CONTAINER_STATE,
        "results": ListOf(_RUN_RESULT),
        "provenance": PROVENANCE_V1,
        "terminationReason": STRING,
        "inputs": _ARTIFACTS,
        "outputs": _ARTIFACTS,
    },
)

_STEP_STATE_V1BETA1 = struct(
    "v1beta1.StepState",
    {
        **_CONTAINER_STATE,
        "results": ListOf(_RUN_RESULT),
        "provenance": PROVENANCE_V1BETA1,
        "inputs": _ARTIFACTS,
        "outputs": _ARTIFACTS,
    },
)

_SIDECAR_STATE = struct("v1.SidecarState", _CONTAINER_STATE)

TASK_RUN_STATUS_V1: Struct = struct(
    "v1.TaskRunStatus",
    {
        **DUCK_STATUS,
        "podName": kept(STRING),
        "startTime": TIME,
        "completionTime": TIME,
        "steps": ListOf(_STEP_STATE_V1),
        "retriesStatus": ListOf(Later(lambda: TASK_RUN_STATUS_V1)),
        "results": ListOf(_RUN_RESULT),
        "artifacts": struct("v1.Artifacts", {"inputs": _ARTIFACTS, "outputs": _ARTIFACTS}),
        "sidecars": ListOf(_SIDECAR_STATE),
        "taskSpec": TASK_SPEC_V1,
        "provenance": PROVENANCE_V1,
        "spanContext": STRING_MAP,
    },
)

_CLOUD_EVENTS = ListOf(
    struct(
        "v1beta1.CloudEventDelivery",
        {
            "target": STRING,
            "status": struct(
                "v1beta1.CloudEventDeliveryState",
                {
                    "condition": STRING,
                    "sentAt": TIME,
                    "message": kept(STRING),
                    "retryCount": kept(INT32),
                },
            ),
        },
    )
)

_RESOURCES_RESULT = ListOf(
    struct(
        "v1beta1.RunResult",
        {
            "key": kept(STRING),
            "value": kept(STRING),
            "resourceName": STRING,
            "resourceRef": RESOURCE_REF,
            "type": ANY,
        },
    )
)

TASK_RUN_STATUS_V1BETA1: Struct = struct(
    "v1beta1.TaskRunStatus",
    {
        **DUCK_STATUS,
        "podName": kept(STRING),
        "startTime": TIME,
        "completionTime": TIME,
        "steps": ListOf(_STEP_STATE_V1BETA1),
        "cloudEvents": deprecated(_CLOUD_EVENTS),
        "retriesStatus": ListOf(Later(lambda: TASK_RUN_STATUS_V1BETA1)),
        "resourcesResult": deprecated(_RESOURCES_RESULT),
        "taskResults": ListOf(_RUN_RESULT),
        "sidecars": ListOf(_SIDECAR_STATE),
        "taskSpec": TASK_SPEC_V1BETA1,
        "provenance": PROVENANCE_V1BETA1,
        "spanContext": STRING_MAP,
    },
)

_SKIPPED = struct(
    "v1.SkippedTask", {"name": kept(STRING), "reason": kept(STRING), "whenExpressions": ListOf(WHEN)}
)

_CHILD = struct(
    "v1.ChildStatusReference",
    {
        "apiVersion": STRING,
        "kind": STRING,
        "name": STRING,
        "displayName": STRING,
        "pipelineTaskName": STRING,
        "whenExpressions": ListOf(WHEN),
    },
)

_PIPELINE_RUN_RESULTS = ListOf(
    struct("v1.PipelineRunResult", {"name": kept(STRING), "value": kept(PARAM_VALUE)})
)

PIPELINE_RUN_STATUS_V1 = struct(
    "v1.PipelineRunStatus",
    {
        **DUCK_STATUS,
        "startTime": TIME,
        "completionTime": TIME,
        "results": _PIPELINE_RUN_RESULTS,
        "pipelineSpec": PIPELINE_SPEC_V1,
        "skippedTasks": ListOf(_SKIPPED),
        "childReferences": ListOf(_CHILD),
        "finallyStartTime": TIME,
        "provenance": PROVENANCE_V1,
        "spanContext": STRING_MAP,
    },
)


def _old_child(name: str, status: Struct) -> Struct:
    return struct(name, {"pipelineTaskName": STRING, "status": status, "whenExpressions": ListOf(WHEN)})


CUSTOM_RUN_STATUS: Struct = struct(
    "v1beta1.CustomRunStatus",
    {
        **DUCK_STATUS,
        "startTime": TIME,
        "completionTime": TIME,
        "results": ListOf(struct("v1beta1.CustomRunResult", {"name": kept(STRING), "value": kept(STRING)})),
        "retriesStatus": ListOf(Later(lambda: CUSTOM_RUN_STATUS)),
        "extraFields": kept(ANY),
    },
)

PIPELINE_RUN_STATUS_V1BETA1 = struct(
    "v1beta1.PipelineRunStatus",
    {
        **DUCK_STATUS,
        "startTime": TIME,
        "completionTime": TIME,
        "taskRuns": deprecated(
            MapOf(_old_child("v1beta1.PipelineRunTaskRunStatus", TASK_RUN_STATUS_V1BETA1))
        ),
        "runs": deprecated(MapOf(_old_child("v1beta1.PipelineRunRunStatus", CUSTOM_RUN_STATUS))),
        "pipelineResults": _PIPELINE_RUN_RESULTS,
        "pipelineSpec": PIPELINE_SPEC_V1BETA1,
        "skippedTasks": ListOf(_SKIPPED),
        "childReferences": ListOf(_CHILD),
        "finallyStartTime": TIME,
        "provenance": PROVENANCE_V1BETA1,
        "spanContext": STRING_MAP,
    },
)
