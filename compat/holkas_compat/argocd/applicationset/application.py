"""One application: the template filled, patched, and what the controller adds to it.

Source: Argo CD's documentation, "Template", "Template Patch" and "Application Pruning & Resource Deletion".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas_compat.argocd.applicationset.codes import TEMPLATE
from holkas_compat.argocd.applicationset.errors import GenerationError
from holkas_compat.argocd.applicationset.strategic_patch import patched
from holkas_compat.argocd.applicationset.substitution import Params, Substitution

FINALIZER = "resources-finalizer.argocd.argoproj.io"
_METADATA = ("name", "namespace", "labels", "annotations", "finalizers")


def template_application(template: Mapping[str, Any]) -> dict[str, Any]:
    """The application that a template describes, before its texts are rendered."""
    about = template.get("metadata")
    known = about if isinstance(about, Mapping) else {}
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {key: known[key] for key in _METADATA if known.get(key) not in (None, "", [], {})},
        "spec": template.get("spec") if isinstance(template.get("spec"), Mapping) else {},
    }


def rendered(
    application: Mapping[str, Any], sync_policy: Mapping[str, Any] | None, params: Params, how: Substitution
) -> dict[str, Any]:
    """The application with its parameters, and with the finalizer that deletes its resources.

    Without parameters the template is the application, as it is. Raises GenerationError.
    """
    if not params:
        return dict(application)
    made = how.value(application, params)
    preserve = bool(sync_policy and sync_policy.get("preserveResourcesOnDeletion"))
    if not preserve and not made["metadata"].get("finalizers"):
        made["metadata"]["finalizers"] = [FINALIZER]
    return dict(made)


def with_template_patch(application: Mapping[str, Any], text: str) -> dict[str, Any]:
    """The application with a rendered ``templatePatch``, which cannot change the project. Raises GenerationError."""
    from holkas.yaml import YamlError, load

    try:
        patch = load(text, strict=False)
    except YamlError as error:
        raise GenerationError(
            f"error while converting template to json: {error.finding.message}",
            path=("spec", "templatePatch"),
            code=TEMPLATE,
        ) from error
    if patch is None:
        return dict(application)
    if not isinstance(patch, Mapping):
        raise GenerationError(
            "invalid templatePatch: it is no mapping", path=("spec", "templatePatch"), code=TEMPLATE
        )
    made = patched(application, patch)
    spec = made.get("spec")
    if not isinstance(spec, dict) or not isinstance(made.get("metadata"), dict):
        raise GenerationError(
            "invalid templatePatch: metadata and spec are mappings",
            path=("spec", "templatePatch"),
            code=TEMPLATE,
        )
    for name in ("labels", "annotations", "finalizers"):
        if not made["metadata"].get(name, True):  # a patch may leave it empty
            del made["metadata"][name]
    before = application.get("spec", {}).get("project")
    spec.pop("project", None)
    if before is not None:
        made["spec"] = {"project": before, **spec} if "project" not in spec else spec
        made["spec"]["project"] = before
    return made
