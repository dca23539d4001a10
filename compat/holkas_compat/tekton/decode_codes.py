"""The codes of decoding: what is wrong with a document's shape before anybody asks what it means."""

from __future__ import annotations

from holkas.model.code import CodeDoc

NOT_A_MAPPING = "T001"
UNKNOWN_KIND = "T002"
UNKNOWN_VERSION = "T003"
UNKNOWN_FIELD = "T010"
WRONG_TYPE = "T011"
BAD_DURATION = "T012"
BAD_QUANTITY = "T013"
BAD_TIME = "T014"
NUMBER_RANGE = "T015"
OTHER_CASE = "T016"

DECODE_CODES: dict[str, CodeDoc] = {
    NOT_A_MAPPING: CodeDoc(
        "the document is not a mapping",
        "A Tekton document is a mapping with `apiVersion`, `kind`, `metadata` and `spec`. A list or a bare text "
        "at the top cannot be one. Check the indentation, and that documents are separated by `---`.",
    ),
    UNKNOWN_KIND: CodeDoc(
        "Tekton has no such kind",
        "Known are Task, Pipeline, TaskRun, PipelineRun, StepAction, CustomRun and VerificationPolicy. ClusterTask "
        "was removed: use a Task with the cluster resolver. PipelineResource and Condition were removed: use params, "
        "workspaces and `when`.",
    ),
    UNKNOWN_VERSION: CodeDoc(
        "the kind does not exist in this apiVersion",
        "Each kind exists in some versions only. `tekton.dev/v1` has Task, Pipeline, TaskRun and PipelineRun, "
        "`tekton.dev/v1beta1` these and StepAction and CustomRun, `tekton.dev/v1alpha1` StepAction and "
        "VerificationPolicy.",
    ),
    UNKNOWN_FIELD: CodeDoc(
        "a field that Tekton does not know",
        "Tekton refuses unknown fields everywhere but in `metadata`. Usually the name is misspelt, or stands one "
        "level too deep or too high.",
    ),
    WRONG_TYPE: CodeDoc(
        "a value of the wrong type",
        "The field holds another type than the one it must have. Unquoted `yes`, `no`, `on`, `off`, `true`, `1.0` "
        "and `0777` are not text in YAML as Kubernetes reads it: put quotes around them where text is meant.",
    ),
    BAD_DURATION: CodeDoc(
        "not a duration",
        "Durations are numbers with units: `1h30m`, `90s`, `500ms`. Units are h, m, s, ms, us and ns; days do not "
        "exist. `0` means no time-out.",
    ),
    BAD_QUANTITY: CodeDoc(
        "not a resource quantity",
        "Quantities are a number with an optional suffix: `500m`, `2`, `1Gi`, `512M`. Variables such as "
        "`$(params.cpu)` are not possible here.",
    ),
    BAD_TIME: CodeDoc(
        "not a time",
        "Times are written as RFC 3339 says: `2006-01-02T15:04:05Z`.",
    ),
    NUMBER_RANGE: CodeDoc(
        "a number that does not fit",
        "The field is an integer of 32 or 64 bits.",
    ),
    OTHER_CASE: CodeDoc(
        "a field in other letters",
        "Tekton's own check ignores upper and lower case in the names of fields, but Kubernetes does not: kubectl "
        "refuses the field or drops it. Write the name as Tekton does.",
    ),
}
