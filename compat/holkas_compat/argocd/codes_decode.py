"""The codes of decoding: what is wrong with a document's shape before anybody asks what it means."""

from __future__ import annotations

from collections.abc import Mapping

from holkas.model.code import CodeDoc

NOT_A_MAPPING = "A001"
UNKNOWN_KIND = "A002"
UNKNOWN_VERSION = "A003"
UNKNOWN_FIELD = "A010"
WRONG_TYPE = "A011"
BAD_TIME = "A014"
NUMBER_RANGE = "A015"
MISSING = "A016"
NOT_A_WORD = "A017"

DECODE_CODES: Mapping[str, CodeDoc] = {
    NOT_A_MAPPING: CodeDoc(
        "the part is not what it must be",
        "A document of Argo CD is a mapping with `apiVersion`, `kind`, `metadata` and `spec`.",
    ),
    UNKNOWN_KIND: CodeDoc(
        "Argo CD has no such kind",
        "Of the group `argoproj.io` Argo CD has Application, ApplicationSet and AppProject. Kinds of Argo Rollouts, "
        "Workflows and Events are left alone.",
    ),
    UNKNOWN_VERSION: CodeDoc(
        "the kind does not exist in this apiVersion",
        "Application, ApplicationSet and AppProject exist in `argoproj.io/v1alpha1` only.",
    ),
    UNKNOWN_FIELD: CodeDoc(
        "a field that Argo CD does not know",
        "`kubectl apply` refuses unknown fields, and other clients drop them without a word. Usually the name is "
        "misspelt, has another case, or stands one level too deep or too high. Inside of a generator that is nested "
        "in a nested matrix or merge nobody checks, so there it is a warning.",
    ),
    WRONG_TYPE: CodeDoc(
        "a value of the wrong type",
        "The field holds another type than the one it must have. Unquoted `yes`, `no`, `on`, `off`, `true`, `1.0` "
        "and `0777` are not text in YAML as Kubernetes reads it: put quotes around them where text is meant. "
        "Parameters, labels and annotations are texts.",
    ),
    BAD_TIME: CodeDoc("not a time", "Times are written as RFC 3339 says: `2006-01-02T15:04:05Z`."),
    NUMBER_RANGE: CodeDoc("a number that does not fit", "The field is an integer of 32 or 64 bits."),
    MISSING: CodeDoc(
        "a required field is missing",
        "The definition of the kind demands the field, so the API server refuses the document (`Required value`). An "
        "empty value is one: `destination: {}` is accepted there.",
    ),
    NOT_A_WORD: CodeDoc(
        "a value that is none of those allowed",
        "The definition of the kind lists the values that the field may have (`Unsupported value`).",
    ),
}
