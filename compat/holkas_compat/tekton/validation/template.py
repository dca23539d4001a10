"""Steps as they are after the stepTemplate was put under them, with every value's own place in the file.

Source: Tekton's docs/tasks.md, "Specifying a Step template"; lists merge as in Kubernetes' strategic merge
patch: env by name, volumeMounts by mountPath, volumeDevices by devicePath, any other list is replaced. Steps
that refer to a StepAction get the template only when the action is known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Any

from holkas.model.path import PathPart
from holkas.pipeline.step_template import merge_entries
from holkas.records import dataclass

from holkas_compat.manifest.shape import record, records, text
from holkas_compat.tekton.validation.scope import Scope

_MERGE_KEYS = {"env": "name", "volumeMounts": "mountPath", "volumeDevices": "devicePath"}

Entry = tuple[tuple[PathPart, ...], Mapping[str, Any]]
"""An entry of a list, with its place from the document's root."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step after merging. scope: its place. own: what the step itself says. values: with the template.

    template: the path of the stepTemplate, for values that come from there. lists: the entries of lists that are merged
    entry by entry, each with its place from the document's root.
    """

    index: int
    scope: Scope
    own: Mapping[str, Any]
    values: Mapping[str, Any]
    template: tuple[PathPart, ...] = ()
    lists: Mapping[str, Sequence[Entry]] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """A string field."""
        return text(self.values.get(key))

    def path(self, key: str) -> tuple[PathPart, ...]:
        """Where a field comes from, from the document's root."""
        return (*self._origin(key), key)

    def entries(self, key: str) -> Sequence[Entry]:
        """The entries of a list of mappings, each with its place from the document's root."""
        if key in self.lists:
            return self.lists[key]
        return _entries(self.values, self._origin(key), key) if self.values.get(key) else ()

    def _origin(self, key: str) -> tuple[PathPart, ...]:
        inherited = not self.own.get(key) and self.values.get(key)
        return self.template if inherited else self.scope.path


def merged_steps(spec: Mapping[str, Any], scope: Scope) -> list[Step]:
    """The steps of a task spec; ``scope`` is that of the spec."""
    template = record(spec.get("stepTemplate"))
    path = (*scope.path, "stepTemplate")
    steps = []
    for index, own in enumerate(records(spec.get("steps"))):
        here = scope.at("steps", index)
        if not template or own.get("ref") is not None:
            steps.append(Step(index, here, own, own, path))
            continue
        lists = {
            key: merge_entries(_entries(template, path, key), _entries(own, here.path, key), _key_of(by))
            for key, by in _MERGE_KEYS.items()
        }
        steps.append(Step(index, here, own, _merge(own, template, lists), path, lists))
    return steps


def _entries(container: Mapping[str, Any], path: tuple[PathPart, ...], key: str) -> list[Entry]:
    return [((*path, key, index), entry) for index, entry in enumerate(records(container.get(key)))]


def _key_of(by: str) -> Callable[[Entry], str]:
    return lambda entry: text(entry[1].get(by))


def _merge(
    own: Mapping[str, Any], template: Mapping[str, Any], lists: Mapping[str, Sequence[Entry]]
) -> dict[str, Any]:
    merged = {**template, **{key: value for key, value in own.items() if value not in (None, "", [])}}
    # Kubernetes always writes a container's name, so that a template's is overwritten by none.
    merged["name"] = own.get("name")
    for key, entries in lists.items():
        merged.pop(key, None)
        if entries:
            merged[key] = [entry for _, entry in entries]
    return merged
