"""An Application's kustomize options as changes of its kustomization, in place of nine runs of ``kustomize edit``.

Source: Argo CD, "Kustomize"; util/kustomize (Build); kustomize, "edit set" and "edit add".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from holkas_compat.argocd.rendering.environment import BuildEnvironment
from holkas_compat.argocd.rendering.failure import RenderFailure

from .images import set_images


def edited(
    kustomization: Mapping[str, Any],
    options: Mapping[str, Any],
    environment: BuildEnvironment,
    exists: Callable[[str], bool],
) -> dict[str, Any]:
    """The kustomization with the options in it. ``exists``: whether a component lies there. Raises RenderFailure R120."""
    made = dict(kustomization)
    for key, option in (
        ("namePrefix", "namePrefix"),
        ("nameSuffix", "nameSuffix"),
        ("namespace", "namespace"),
    ):
        if options.get(option):
            made[key] = str(options[option])
    if images := [environment.expand(str(one)) for one in _list(options, "images")]:
        set_images(made, images)
    if replicas := _list(options, "replicas"):
        _set_replicas(made, replicas)
    if labels := _texts(options, "commonLabels"):
        _add_labels(made, {name: environment.expand(value) for name, value in labels.items()}, options)
    if annotations := _texts(options, "commonAnnotations"):
        if options.get("commonAnnotationsEnvsubst"):
            annotations = {name: environment.expand(value) for name, value in annotations.items()}
        force = bool(options.get("forceCommonAnnotations"))
        made["commonAnnotations"] = _added(
            made.get("commonAnnotations"), annotations, "annotation", force=force
        )
    if patches := _list(options, "patches"):
        made["patches"] = [*_list(made, "patches"), *patches]
    if components := [str(one) for one in _list(options, "components")]:
        if options.get("ignoreMissingComponents"):
            components = [one for one in components if exists(one)]
        there = [str(one) for one in _list(made, "components")]
        made["components"] = [*there, *(one for one in dict.fromkeys(components) if one not in there)]
    return made


def _set_replicas(made: dict[str, Any], replicas: Sequence[Any]) -> None:
    entries = {str(one.get("name")): dict(one) for one in _list(made, "replicas") if isinstance(one, Mapping)}
    for one in replicas:
        name = str(one.get("name") or "") if isinstance(one, Mapping) else ""
        try:
            count = int(str(one.get("count"))) if name else -1
        except ValueError:
            count = -1
        if count < 0:
            raise RenderFailure("R120", f"replicas {name!r} have no count that is a number")
        entries[name] = {"name": name, "count": count}
    made["replicas"] = list(entries.values())


def _add_labels(made: dict[str, Any], labels: Mapping[str, str], options: Mapping[str, Any]) -> None:
    force = bool(options.get("forceCommonLabels"))
    if not options.get("labelWithoutSelector"):
        if options.get("labelIncludeTemplates"):
            raise RenderFailure("R120", "labelIncludeTemplates needs labelWithoutSelector")
        made["commonLabels"] = _added(made.get("commonLabels"), labels, "label", force=force)
        return
    templates = bool(options.get("labelIncludeTemplates"))
    entries = [dict(one) if isinstance(one, Mapping) else one for one in _list(made, "labels")]
    for entry in entries:
        plain = isinstance(entry, dict) and not entry.get("includeSelectors")
        if plain and bool(entry.get("includeTemplates")) is templates:
            entry["pairs"] = _added(entry.get("pairs"), labels, "label", force=force)
            break
    else:
        entries.append({"pairs": dict(labels), **({"includeTemplates": True} if templates else {})})
    made["labels"] = entries


def _added(there: Any, new: Mapping[str, str], what: str, *, force: bool) -> dict[str, Any]:
    found = dict(there) if isinstance(there, Mapping) else {}
    if not force and (taken := sorted(set(found) & set(new))):
        raise RenderFailure(
            "R120",
            f"{what} {taken[0]} already in kustomization file",
            f"set forceCommon{what.capitalize()}s to replace it",
        )
    return found | dict(new)


def _list(mapping: Mapping[str, Any], key: str) -> list[Any]:
    value = mapping.get(key)
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise RenderFailure("R120", f"{key} is no list")
    return list(value)


def _texts(options: Mapping[str, Any], key: str) -> dict[str, str]:
    value = options.get(key)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise RenderFailure("R120", f"{key} is no mapping")
    return {str(name): str(text) for name, text in value.items()}
