"""What a cluster is configured to accept: the stability level and the feature flags.

Source: Tekton's docs/additional-configs.md, "Customizing the Pipelines Controller behavior" and "Alpha
Features".
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Self

from holkas.records import dataclass


class Level(StrEnum):
    """The value of ``enable-api-fields``; Tekton's own default is beta."""

    STABLE = "stable"
    BETA = "beta"
    ALPHA = "alpha"

    def allows(self, wanted: Level) -> bool:
        """Whether a field of the stability ``wanted`` may be used."""
        order = (Level.STABLE, Level.BETA, Level.ALPHA)
        return order.index(self) >= order.index(wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureFlags:
    """The flags of the ConfigMap ``feature-flags`` on which admission depends, and one default.

    level: ``enable-api-fields``.
    cel: ``enable-cel-in-whenexpression``. param_enum: ``enable-param-enum``. artifacts: ``enable-artifacts``.
    concise_resolver: ``enable-concise-resolver-syntax``. kubernetes_sidecar: ``enable-kubernetes-sidecar``.
    results_from: ``results-from`` (no rule of admission depends on it and on kubernetes_sidecar).
    no_inline_spec: the kinds (task run, pipeline run, pipeline; in lower case, one word) in ``disable-inline-
    spec``.
    max_matrix: ``default-max-matrix-combinations-count`` of the ConfigMap ``config-defaults``.
    """

    level: Level = Level.BETA
    cel: bool = False
    param_enum: bool = False
    artifacts: bool = False
    concise_resolver: bool = False
    kubernetes_sidecar: bool = False
    results_from: str = "termination-message"
    no_inline_spec: frozenset[str] = frozenset()
    max_matrix: int = 256

    @classmethod
    def for_level(cls, level: Level) -> Self:
        """Everything that belongs to the level; alpha turns the flags of single alpha features on too."""
        on = level is Level.ALPHA
        return cls(
            level=level, cel=on, param_enum=on, artifacts=on, concise_resolver=on, kubernetes_sidecar=on
        )

    @classmethod
    def from_struct(cls, struct: Mapping[str, Any] | None) -> Self:
        """Tekton's own struct as JSON (``enableAPIFields`` …); what is missing has its default."""
        if not struct:
            return cls()
        level = struct.get("enableAPIFields") or Level.BETA
        return cls(
            level=Level(level),
            cel=bool(struct.get("enableCELInWhenExpression")),
            param_enum=bool(struct.get("enableParamEnum")),
            artifacts=bool(struct.get("enableArtifacts")),
            concise_resolver=bool(struct.get("enableConciseResolverSyntax")),
            kubernetes_sidecar=bool(struct.get("enableKubernetesSidecar")),
            results_from=struct.get("resultExtractionMethod") or "termination-message",
            no_inline_spec=frozenset((struct.get("disableInlineSpec") or "").split(",")) - {""},
        )
