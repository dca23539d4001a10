"""Tekton's reasons, spelled as Tekton spells them (pkg/apis/pipeline/v1, pipelinerun_types.go and taskrun_types.go)."""

from __future__ import annotations

from enum import StrEnum


class PipelineRunReason(StrEnum):
    """Reasons of a PipelineRun's ``Succeeded`` condition."""

    STARTED = "Started"
    RUNNING = "Running"
    SUCCEEDED = "Succeeded"
    COMPLETED = "Completed"
    FAILED = "Failed"
    CANCELLED = "Cancelled"
    PENDING = "PipelineRunPending"
    TIMED_OUT = "PipelineRunTimeout"
    TIMED_OUT_RUNNING_FINALLY = "PipelineRunTimeoutRunningFinally"
    STOPPING = "PipelineRunStopping"
    CANCELLED_RUNNING_FINALLY = "CancelledRunningFinally"
    STOPPED_RUNNING_FINALLY = "StoppedRunningFinally"
    COULDNT_GET_PIPELINE = "CouldntGetPipeline"
    COULDNT_GET_TASK = "CouldntGetTask"
    COULDNT_GET_PIPELINE_RESULT = "CouldntGetPipelineResult"
    INVALID_WORKSPACE_BINDINGS = "InvalidWorkspaceBindings"
    INVALID_TASK_RUN_SPECS = "InvalidTaskRunSpecs"
    INVALID_GRAPH = "PipelineInvalidGraph"
    INVALID_MATRIX_PARAMETER_TYPES = "InvalidMatrixParameterTypes"
    INVALID_TASK_RESULT_REFERENCE = "InvalidTaskResultReference"
    INVALID_PIPELINE_RESULT_REFERENCE = "InvalidPipelineResultReference"
    INVALID_PARAM_VALUE = "InvalidParamValue"
    PARAMETER_MISSING = "ParameterMissing"
    PARAMETER_TYPE_MISMATCH = "ParameterTypeMismatch"
    OBJECT_PARAMETER_MISS_KEYS = "ObjectParameterMissKeys"
    PARAM_ARRAY_INDEXING_INVALID = "ParamArrayIndexingInvalid"
    REQUIRED_WORKSPACE_MARKED_OPTIONAL = "RequiredWorkspaceMarkedOptional"
    VALIDATION_FAILED = "PipelineValidationFailed"
    CREATE_RUN_FAILED = "CreateRunFailed"
    CEL_EVALUATION_FAILED = "CELEvaluationFailed"


class TaskRunReason(StrEnum):
    """Reasons of a TaskRun's ``Succeeded`` condition."""

    STARTED = "Started"
    PENDING = "Pending"
    RUNNING = "Running"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    FAILURE_IGNORED = "FailureIgnored"
    TO_BE_RETRIED = "ToBeRetried"
    CANCELLED = "TaskRunCancelled"
    TIMED_OUT = "TaskRunTimeout"
    STEP_FAILED = "StepFailed"
    STEP_OOM = "StepOOM"
    SIDECAR_FAILED = "SidecarFailed"
    SIDECAR_OOM = "SidecarOOM"
    INIT_CONTAINER_FAILED = "InitContainerFailed"
    INIT_CONTAINER_OOM = "InitContainerOOM"
    POD_CREATION_FAILED = "PodCreationFailed"
    POD_EVICTED = "PodEvicted"
    IMAGE_PULL_FAILED = "TaskRunImagePullFailed"
    RESULT_LARGER_THAN_ALLOWED_LIMIT = "TaskRunResultLargerThanAllowedLimit"
    STOP_SIDECAR_FAILED = "TaskRunStopSidecarFailed"
    INVALID_PARAM_VALUE = "InvalidParamValue"
    RESOLUTION_FAILED = "TaskRunResolutionFailed"
    VALIDATION_FAILED = "TaskRunValidationFailed"
    TASK_VALIDATION_FAILED = "TaskValidationFailed"


class CustomRunReason(StrEnum):
    """Reasons of a CustomRun's ``Succeeded`` condition that Tekton itself knows (docs/customruns.md)."""

    RUNNING = "Running"
    CANCELLED = "CustomRunCancelled"
    TIMED_OUT = "CustomRunTimedOut"
    FAILED = "Failed"
    SUCCEEDED = "Succeeded"


class TerminationReason(StrEnum):
    """How a step ended (``terminationReason``; docs/tasks.md, "Specifying onError for a step")."""

    COMPLETED = "Completed"
    CONTINUED = "Continued"
    ERROR = "Error"
    TIMEOUT_EXCEEDED = "TimeoutExceeded"
    SKIPPED = "Skipped"
    CANCELLED = "Cancelled"


class SkipReason(StrEnum):
    """Why a task of a pipeline was not started. ``LEFT_OUT`` is holkas's own: a run of a part of the pipeline."""

    WHEN_EXPRESSIONS = "When Expressions evaluated to false"
    PARENT_TASKS = "Parent Tasks were skipped"
    STOPPING = "PipelineRun was stopping"
    GRACEFULLY_CANCELLED = "PipelineRun was gracefully cancelled"
    GRACEFULLY_STOPPED = "PipelineRun was gracefully stopped"
    MISSING_RESULTS = "Results were missing"
    PIPELINE_TIMED_OUT = "PipelineRun timeout has been reached"
    TASKS_TIMED_OUT = "PipelineRun Tasks timeout has been reached"
    FINALLY_TIMED_OUT = "PipelineRun Finally timeout has been reached"
    EMPTY_ARRAY_IN_MATRIX_PARAMS = "Matrix Parameters have an empty array"
    LEFT_OUT = "Left out of this run"


class TaskStatus(StrEnum):
    """What ``$(tasks.<name>.status)`` and ``$(tasks.status)`` can be."""

    SUCCEEDED = "Succeeded"
    COMPLETED = "Completed"
    FAILED = "Failed"
    NONE = "None"
