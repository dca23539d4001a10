"""All applications of one ApplicationSet.

Source: Argo CD's documentation, "ApplicationSet". While anything is wrong with one, nothing is generated at all.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import field
from typing import Any

from holkas.model.finding import Finding, Place
from holkas.model.path import PathPart
from holkas.records import dataclass

from holkas_compat.argocd.applicationset.application import (
    rendered,
    template_application,
    with_template_patch,
)
from holkas_compat.argocd.applicationset.codes import (
    DUPLICATE,
    GENERATOR,
    NO_NAME,
    TEMPLATE,
    TOO_MANY,
    UNRECOGNIZED,
)
from holkas_compat.argocd.applicationset.errors import GenerationError
from holkas_compat.argocd.applicationset.generators.given import MOST_PARAMS
from holkas_compat.argocd.applicationset.generators.registry import GENERATORS
from holkas_compat.argocd.applicationset.recognition import unrecognized
from holkas_compat.argocd.applicationset.substitution import Params, Substitution, substitution
from holkas_compat.argocd.applicationset.transform import Transformed, transform
from holkas_compat.argocd.applicationset.world import World
from holkas_compat.gotemplate.errors import TemplateError


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """Applications in the order of the generators; none where a finding is an error."""

    applications: tuple[dict[str, Any], ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Collected:
    place: Place
    findings: list[Finding] = field(default_factory=list)

    def add(self, error: GenerationError, path: tuple[PathPart, ...], code: str) -> None:
        where = Place(source=self.place.source, document=self.place.document, path=path)
        self.findings.append(
            Finding(code=error.code or code, message=str(error), place=where, hint=error.hint)
        )


def generate(document: Mapping[str, Any], world: World, place: Place | None = None) -> Generated:
    """The applications of a set; place: where its document is, for findings. Raises nothing."""
    collected = _Collected(place or Place(source="<applicationset>"))
    spec = document.get("spec")
    metadata = document.get("metadata")
    if not isinstance(spec, Mapping) or not isinstance(metadata, Mapping):
        collected.add(GenerationError("an ApplicationSet has metadata and spec"), (), GENERATOR)
        return Generated(findings=tuple(collected.findings))
    made: list[dict[str, Any]] = []
    try:
        how = substitution(spec)
        for index, found in _transformed(spec, str(metadata.get("name", "")), world, how, collected):
            made += _applications(found, spec, metadata, how, collected, ("spec", "generators", index))
            if len(made) > MOST_PARAMS:
                raise GenerationError(f"the set has more than {MOST_PARAMS} applications", code=TOO_MANY)
    except GenerationError as error:
        collected.add(error, error.path or ("spec",), GENERATOR)
    _check_names(made, str(metadata.get("name", "")), collected)
    if message := unrecognized(document):
        at = next((at for at, one in enumerate(spec.get("generators") or ()) if not _has_generator(one)), 0)
        collected.add(GenerationError(message), ("spec", "generators", at), UNRECOGNIZED)
    if collected.findings:
        return Generated(findings=tuple(collected.findings))
    return Generated(applications=tuple(made))


def _has_generator(entry: Any) -> bool:
    return isinstance(entry, Mapping) and any(entry.get(kind) is not None for kind in GENERATORS)


def _transformed(
    spec: Mapping[str, Any], name: str, world: World, how: Substitution, collected: _Collected
) -> list[tuple[int, Transformed]]:
    made: list[tuple[int, Transformed]] = []
    template = spec.get("template")
    generators = spec.get("generators")
    for index, entry in enumerate(generators if isinstance(generators, list) else ()):
        if not isinstance(entry, Mapping):
            continue
        try:
            base = template if isinstance(template, Mapping) else {}
            made += [(index, one) for one in transform(entry, base, world=world, how=how, name=name)]
        except GenerationError as error:
            collected.add(error, ("spec", "generators", index, *error.path), GENERATOR)
        except (TemplateError, RecursionError) as error:
            told = GenerationError(str(error) or "the generator is nested too deeply")
            collected.add(told, ("spec", "generators", index), GENERATOR)
        except (AttributeError, TypeError, KeyError, ValueError) as error:
            # The document has another shape than an ApplicationSet's: decoding says where.
            told = GenerationError(f"a field has another type than it must have ({error})")
            collected.add(told, ("spec", "generators", index), GENERATOR)
    return made


def _applications(
    found: Transformed,
    spec: Mapping[str, Any],
    metadata: Mapping[str, Any],
    how: Substitution,
    collected: _Collected,
    at: tuple[PathPart, ...],
) -> list[dict[str, Any]]:
    template = template_application(found.template)
    made: list[dict[str, Any]] = []
    told: set[str] = set()
    for params in found.params:
        try:
            made.append(_application(template, spec, metadata, params, how))
        except GenerationError as error:
            if str(error) not in told:  # every set of parameters would say the same
                told.add(str(error))
                collected.add(error, error.path or ("spec", "template"), TEMPLATE)
        except (TemplateError, RecursionError, AttributeError, TypeError, KeyError, ValueError) as error:
            message = f"the template cannot be rendered: {error}"
            if message not in told:
                told.add(message)
                collected.add(GenerationError(message), at, TEMPLATE)
    return made


def _application(
    template: Mapping[str, Any],
    spec: Mapping[str, Any],
    metadata: Mapping[str, Any],
    params: Params,
    how: Substitution,
) -> dict[str, Any]:
    policy = spec.get("syncPolicy")
    made = rendered(template, policy if isinstance(policy, Mapping) else None, params, how)
    patch = spec.get("templatePatch")
    if isinstance(patch, str):
        try:
            text = how.text(patch, params)
        except GenerationError as error:
            raise GenerationError(
                f"error replacing values in templatePatch: {error}",
                path=("spec", "templatePatch"),
                code=error.code,
            ) from error
        made = with_template_patch(made, text)
    made = copy.deepcopy(made)
    # The namespace is the set's own, whatever the template says: a set must not write into another namespace.
    if metadata.get("namespace"):
        made["metadata"]["namespace"] = metadata["namespace"]
    else:
        made["metadata"].pop("namespace", None)
    return made


def _check_names(made: list[dict[str, Any]], name: str, collected: _Collected) -> None:
    seen: set[str] = set()
    path = ("spec", "template", "metadata", "name")
    for application in made:
        own = application["metadata"].get("name")
        if not isinstance(own, str) or not own:
            collected.add(GenerationError("an application has no name"), path, NO_NAME)
        elif own in seen:
            message = f"ApplicationSet {name} contains applications with duplicate name: {own}"
            collected.add(GenerationError(message), path, DUPLICATE)
        seen.add(str(own))
