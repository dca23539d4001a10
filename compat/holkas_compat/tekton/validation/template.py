"""Steps as they are after the stepTemplate was put under them, with every value's own place in the file.

Source: Tekton's docs/tasks.md, "Specifying a Step template"; lists merge as in Kubernetes' strategic merge
patch: env by name, volumeMounts by mountPath, volumeDevices by devicePath, any other list is replaced. Steps
that refer to a StepAction get the template only when the action is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from holkas.model.path import PathPart
from holkas.records import dataclass

from holkas_compat.manifest.shape import record, records, text
from holkas_compat.tekton.validation.scope import Scope

_MERGE_KEYS = {"env": "name", "volumeMounts": "mountPath", "volumeDevices": "devicePath"}


@dataclass(frozen=True, slots=True)
class Step:
    """A step after merging. scope: its place. own: what the step itself says. values: with the template.

    template: the path of the stepTemplate, for values that come from there.
    """

    index: int
    scope: Scope
    own: Mapping[str, Any]
    values: Mapping[str, Any]
    template: tuple[PathPart, ...] = ()

    def text(self, key: str) -> str:
        """A string field."""
        return text(self.values.get(key))

    def path(self, key: str) -> tuple[PathPart, ...]:
        """Where a field comes from, from the document's root."""
        return (*self._origin(key), key)

    def entries(self, key: str) -> Iterator[tuple[tuple[PathPart, ...], Mapping[str, Any]]]:
        """The entries of a list of mappings, each with its place from the document's root."""
        if not self.values.get(key):
            return
        merge_key = _MERGE_KEYS.get(key)
        own = records(self.own.get(key))
        inherited = records(self.values.get(key))[len(own) :] if merge_key or not own else []
        for index, entry in enumerate(own):
            yield (*self.scope.path, key, index), entry
        for index, entry in enumerate(inherited):
            yield (*self.template, key, index), entry

    def _origin(self, key: str) -> tuple[PathPart, ...]:
        inherited = not self.own.get(key) and self.values.get(key)
        return self.template if inherited else self.scope.path


def merged_steps(spec: Mapping[str, Any], scope: Scope) -> list[Step]:
    """The steps of a task spec; ``scope`` is that of the spec."""
    template = record(spec.get("stepTemplate"))
    path = (*scope.path, "stepTemplate")
    steps = []
    for index, own in enumerate(records(spec.get("steps"))):
        values = own if not template or own.get("ref") is not None else _merge(own, template)
        steps.append(Step(index, scope.at("steps", index), own, values, path))
    return steps


def _merge(own: Mapping[str, Any], template: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**template, **{key: value for key, value in own.items() if value not in (None, "", [])}}
    for key, by in _MERGE_KEYS.items():
        mine = records(own.get(key))
        known = {text(entry.get(by)) for entry in mine}
        merged[key] = [
            *mine,
            *(entry for entry in records(template.get(key)) if text(entry.get(by)) not in known),
        ]
        if not merged[key]:
            del merged[key]
    return merged
