"""From plain YAML values to a Tekton object: every field known and of its type, or problems that say where.

Rules: knative.dev/pkg webhook/json (strict, but ``metadata`` is left to Kubernetes), Go's encoding/json (names
match without regard to case, nulls change nothing), and Tekton's own types for params, durations and quantities.
"""

from __future__ import annotations

from dataclasses import field
from typing import Any

from holkas.model.finding import Severity
from holkas.records import dataclass

from holkas_compat.manifest import decoder
from holkas_compat.manifest.decoder import similar
from holkas_compat.manifest.fault import Fault
from holkas_compat.manifest.problem import Problem
from holkas_compat.manifest.scalar import READERS, described
from holkas_compat.manifest.types import ScalarKind, Struct
from holkas_compat.tekton import decode_codes as codes
from holkas_compat.tekton.param_value import param_value
from holkas_compat.tekton.schema.kinds import GROUP, KINDS, V1, table, versions

DIALECT = decoder.Dialect(
    codes={
        Fault.UNKNOWN_FIELD: codes.UNKNOWN_FIELD,
        Fault.WRONG_TYPE: codes.WRONG_TYPE,
        Fault.BAD_DURATION: codes.BAD_DURATION,
        Fault.BAD_QUANTITY: codes.BAD_QUANTITY,
        Fault.BAD_TIME: codes.BAD_TIME,
        Fault.NUMBER_RANGE: codes.NUMBER_RANGE,
        Fault.OTHER_CASE: codes.OTHER_CASE,
    },
    readers={**READERS, ScalarKind.PARAM_VALUE: param_value},
    folds=True,
    open_metadata=True,
    null_items=True,
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A document that was read.

    object: fields under Tekton's names, in the user's order, without nulls, unknown fields and values of a
        wrong type; None where not even the kind is known. Durations and quantities stay as written.
    schema: the table of the kind, None where it is unknown.
    problems: in the order of the document; those of severity ERROR are what Tekton refuses.
    """

    kind: str
    api_version: str
    object: dict[str, Any] | None
    schema: Struct | None
    problems: list[Problem] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        """Whether Tekton would read it."""
        return not any(problem.severity is Severity.ERROR for problem in self.problems)


def decode(value: Any) -> Decoded:
    """Read one document: the plain value that YAML gave. Never raises for bad input."""
    if not isinstance(value, dict):
        problem = Problem(codes.NOT_A_MAPPING, f"a Tekton document is a mapping, this is {described(value)}")
        return Decoded("", "", None, None, [problem])
    kind, api_version = _type_field(value, "kind"), _type_field(value, "apiVersion")
    schema = table(kind, api_version)
    if schema is None:
        return Decoded(kind, api_version, None, None, [_unknown(kind, api_version)])
    made, problems = decode_as(schema, value)
    return Decoded(kind, api_version, made, schema, problems)


def decode_as(schema: Struct, value: Any) -> tuple[dict[str, Any], list[Problem]]:
    """Read a value that is known to be of a table's type, a part of a document for instance."""
    return decoder.decode_as(DIALECT, schema, value)


def _type_field(value: dict[str, Any], name: str) -> str:
    found = value.get(name)
    if found is None:
        folded = name.lower()
        found = next((value[key] for key in value if key.lower() == folded), None)
    return found if isinstance(found, str) else ""


def _unknown(kind: str, api_version: str) -> Problem:
    known = versions(kind)
    if not known:
        hint = similar(kind, {name for name, _ in KINDS})
        if kind == "ClusterTask":
            hint = "use a Task, with the cluster resolver where it is shared"
        message = f'Tekton has no kind "{kind}"' if kind else "the document has no kind"
        return Problem(codes.UNKNOWN_KIND, message, ("kind",), ("kind",), hint=hint)
    message = f'{kind} does not exist in apiVersion "{api_version}"'
    if not api_version:
        message = f"the {kind} has no apiVersion"
    elif api_version.partition("/")[0] != GROUP:
        message = f'{kind} is a kind of Tekton, but apiVersion is "{api_version}"'
    hint = f"write {V1 if V1 in known else known[0]}"
    return Problem(codes.UNKNOWN_VERSION, message, ("apiVersion",), ("apiVersion",), hint=hint)
