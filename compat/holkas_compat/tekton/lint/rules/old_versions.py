"""T701 and T703: versions and fields that have a successor."""

from __future__ import annotations

from typing import Any

from holkas.model.code import CodeDoc
from holkas.model.edit import Edit
from holkas.model.finding import Severity
from holkas.model.path import DocumentPath

from holkas_compat.manifest.shape import record, text
from holkas_compat.manifest.types import Later, ListOf, MapOf, Struct, Type
from holkas_compat.tekton.lint.rules.parts import DocumentPart
from holkas_compat.tekton.lint.rules.rule import Hit, Hits, Rule
from holkas_compat.tekton.schema.kinds import table, versions

_SUCCESSORS = {
    "timeout": "write timeouts: {pipeline: …}",
    "bundle": "write resolver: bundles, with the params bundle, name and kind",
    "resources": "PipelineResources are gone; use params, results and workspaces",
}


def _version(part: DocumentPart) -> Hits:
    kind, version = part.unit.kind, text(part.object.get("apiVersion"))
    newest = versions(kind)[0]
    if version != newest:
        message = f"{kind} is written in {version}, which {newest} has replaced"
        fix = _fix(part.object, newest)
        hint = f"write {newest}" if fix else f"holkas convert --to {newest.replace('.dev', '')}"
        yield Hit(message, ("apiVersion",), hint, fix=fix)


def _fix(obj: dict[str, Any], newest: str) -> tuple[Edit, ...]:
    """The edits, none where something would go into an annotation, or where v1 is stricter and would be refused."""
    from holkas_compat.manifest.edits import NoEditsError
    from holkas_compat.tekton.conversion.edits import edits_between
    from holkas_compat.tekton.conversion.errors import ConversionError
    from holkas_compat.tekton.older import newest as converted

    try:
        made = converted(obj)
        edits = edits_between(obj, made, types=False)
    except (ConversionError, NoEditsError):
        return ()
    return edits if made["apiVersion"] == newest and _is_whole(obj, made) and _is_as_good(obj, made) else ()


def _is_whole(old: dict[str, Any], new: dict[str, Any]) -> bool:
    if record(old.get("spec")).get("managedBy") and not record(new.get("spec")).get("managedBy"):
        return False
    return record(new.get("metadata")).get("annotations") == record(old.get("metadata")).get("annotations")


def _is_as_good(old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Whether no error comes with the new version: v1 looks into sidecars, for instance, v1beta1 does not."""
    from holkas_compat.tekton.defaults import apply_defaults
    from holkas_compat.tekton.validation import Level, validate

    before, after = (validate(apply_defaults(obj), level=Level.ALPHA) for obj in (old, new))
    return len(after) <= len(before)


def _field(part: DocumentPart) -> Hits:
    if part.version == "v1":
        return
    schema = table(part.unit.kind, text(part.object.get("apiVersion")))
    if schema is not None:
        yield from _old_fields(schema, part.object, ())


def _old_fields(type_: Type, value: Any, path: DocumentPath) -> Hits:
    if isinstance(type_, Later):
        type_ = type_.resolve()
    if isinstance(type_, Struct) and isinstance(value, dict):
        for key, item in value.items():
            field = type_.fields.get(key)
            if field is None or (not path and key == "status"):
                continue
            if field.deprecated and item not in (None, "", [], {}, False):
                hint = _SUCCESSORS.get(key, "v1 has no such field; remove it")
                yield Hit(f"{key} is deprecated", (*path, key), hint, on_key=True)
            else:
                yield from _old_fields(field.type, item, (*path, key))
    elif isinstance(type_, ListOf) and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _old_fields(type_.item, item, (*path, index))
    elif isinstance(type_, MapOf) and isinstance(value, dict):
        for key, item in value.items():
            yield from _old_fields(type_.value, item, (*path, key))


VERSION = Rule(
    code="T701",
    severity=Severity.DEPRECATION,
    doc=CodeDoc(
        "A version that has a successor",
        "Tekton stores objects in v1 and will stop to serve v1beta1. `holkas lint --fix` writes the new version and "
        "renames the fields that have other names there; where v1 has no place for something, `holkas convert` keeps "
        "it in an annotation and says so.",
    ),
    example="""
apiVersion: tekton.dev/v1beta1
kind: Task
metadata: {name: build}
spec:
  steps: [{name: s, image: "alpine:3.20", command: [ls], resources: {limits: {memory: 1Gi}}}]
""",
    near_miss="""
apiVersion: tekton.dev/v1beta1
kind: StepAction
metadata: {name: build}
spec: {image: "alpine:3.20", command: [ls]}
""",
    document=_version,
)

FIELD = Rule(
    code="T703",
    severity=Severity.DEPRECATION,
    doc=CodeDoc(
        "A field that v1 does not have",
        "Ports, probes and terminal settings of steps do nothing in Tekton; v1 dropped them, and the time-out of a "
        "PipelineRun has moved to `timeouts.pipeline`.",
    ),
    example="""
apiVersion: tekton.dev/v1beta1
kind: Task
metadata: {name: build}
spec:
  steps: [{name: s, image: "alpine:3.20", command: [ls], tty: true}]
""",
    near_miss="""
apiVersion: tekton.dev/v1beta1
kind: Task
metadata: {name: build}
spec:
  steps: [{name: s, image: "alpine:3.20", command: [ls]}]
  sidecars: [{name: d, image: "docker:27-dind", tty: true}]
""",
    document=_field,
)
