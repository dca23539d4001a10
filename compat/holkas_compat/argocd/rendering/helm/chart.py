"""One chart to its manifests, by the library or by the program ``helm``.

Source: Argo CD, "Helm"; reposerver/repository (helmTemplate).
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from holkas.extensions.renderer import RenderOptions

from holkas_compat.argocd.rendering.environment import BuildEnvironment
from holkas_compat.argocd.rendering.failure import RenderFailure
from holkas_compat.argocd.rendering.inputs import TreeReader
from holkas_compat.argocd.rendering.sources import Sources
from holkas_compat.argocd.rendering.workers import Workers

from .output import printed
from .values import helm_values

KUBE_VERSION = "1.34.0"
"""The cluster's version where nobody says one: fixed, so that a render is the same everywhere."""

_VERSION = re.compile(r"v?\d+\.\d+(?:\.\d+)?(?:[-+][0-9A-Za-z.+-]*)?")
_NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")


def render_chart(
    name: str,
    namespace: str,
    path: str,
    options: Mapping[str, Any],
    reader: TreeReader,
    references: Mapping[str, TreeReader],
    environment: BuildEnvironment,
    settings: RenderOptions,
    sources: Sources,
    workers: Workers,
    scratch: Path,
) -> list[dict[str, Any]]:
    """The manifests of a chart at a path. namespace: of the destination. Raises RenderFailure."""
    if not reader.is_file(posixpath.join(path, "Chart.yaml")):
        raise RenderFailure("R115", f"{posixpath.join(path, 'Chart.yaml')} does not exist")
    values = helm_values(
        options, path, reader, references, environment, settings.values, settings.parameters
    )  # fmt: skip
    release = str(options.get("releaseName") or name)
    if len(release) > 53 or not _NAME.fullmatch(release):
        raise RenderFailure(
            "R115", f"{release!r} is no name of a helm release: at most 53 small letters, digits, '-' and '.'",
            "set helm.releaseName",
        )  # fmt: skip
    version = str(options.get("kubeVersion") or settings.kube_version or KUBE_VERSION)
    if not _VERSION.fullmatch(version):
        raise RenderFailure("R115", f"could not parse kubernetes version {version}")
    request = {
        "op": "helm",
        "values": json.dumps(values),
        "name": release,
        "namespace": str(options.get("namespace") or namespace or "default"),
        "kube_version": "v" + version.removeprefix("v"),
        "api_versions": [str(one) for one in options.get("apiVersions") or settings.api_versions],
    }
    from .dependencies import complete_chart

    chart = complete_chart(
        path, reader, sources, scratch, without_schema=bool(options.get("skipSchemaValidation"))
    )
    answer = workers.ask({**request, "chart": str(chart)})
    if answer.get("absent"):
        from .program import template

        answer = template(request, chart, workers, scratch)
    if missing := answer.get("missing"):
        raise RenderFailure(
            "R116",
            f"found in Chart.yaml, but missing in charts/ directory: {', '.join(map(str, missing))}",
            "commit Chart.lock with exact versions, or the charts themselves",
        )
    if "error" in answer:
        raise RenderFailure("R115", f"chart {path or '.'}: {_without(answer['error'], str(chart))}")
    _check_kind(answer.get("metadata") or {}, path)
    return printed(
        answer["templates"],
        answer["crds"],
        skip_crds=bool(options.get("skipCrds")),
        skip_tests=bool(options.get("skipTests")),
    )


def _check_kind(metadata: Mapping[str, Any], path: str) -> None:
    if metadata.get("type") == "library":
        raise RenderFailure("R115", f"chart {path or '.'}: library charts are not installable")


def _without(text: str, directory: str) -> str:
    """A message without the place where the files happened to lie."""
    return text.replace(directory + "/", "").replace(directory, ".")
