"""Features that a cluster accepts only at a stability level or under a flag of their own."""

from __future__ import annotations

from holkas.model.path import PathPart

from holkas_compat.tekton.validation.level import Level
from holkas_compat.tekton.validation.scope import Scope


def require_level(scope: Scope, wanted: Level, feature: str, *at: PathPart) -> None:
    """Report the use of a feature of the stability ``wanted`` where the level is lower.

    Tekton names no field.
    """
    level = scope.flags.level
    if not level.allows(wanted):
        scope.report(
            "T105",
            f"{feature} needs --api-fields {wanted}, but {level} is set",
            at=at,
            on_key=bool(at),
            hint=f"the cluster needs enable-api-fields: {wanted} (or a higher level)",
        )


def report_flag(scope: Scope, flag: str, feature: str, field: str = "", *at: PathPart) -> None:
    """Report the use of a feature whose flag is off."""
    scope.report(
        "T106",
        f"{feature} needs the feature flag {flag}, which is off",
        field,
        at=at,
        hint=f'set {flag}: "true" in the ConfigMap feature-flags, or judge with --api-fields alpha',
    )


def refuse_inline_spec(scope: Scope, owner: str, field: str) -> None:
    """Report an inline spec where ``disable-inline-spec`` names the kind (``pipeline``, ``taskrun`` …) around
    it."""
    if owner in scope.flags.no_inline_spec:
        scope.report(
            "T108",
            f"{field} is not accepted: the cluster disables inline specs in a {owner}",
            field,
            at=(field,),
            on_key=True,
            hint="put the spec into an object of its own and refer to it by name",
        )


def refuse_resources(given: bool, scope: Scope) -> None:
    """Report PipelineResources, which v1beta1 can still spell but no longer has."""
    if given and scope.version == "v1beta1":
        hint = "PipelineResources are gone; use params, results and workspaces"
        message = "resources is no longer accepted"
        scope.report("T108", message, "resources", at=("resources",), on_key=True, hint=hint)
