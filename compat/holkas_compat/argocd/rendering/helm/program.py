"""Charts by the program ``helm``, where the library is not installed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from holkas_compat.argocd.rendering.failure import RenderFailure
from holkas_compat.argocd.rendering.workers import Workers

_MISSING = "found in Chart.yaml, but missing in charts/ directory: "


def template(request: Mapping[str, Any], chart: Path, workers: Workers, scratch: Path) -> dict[str, Any]:
    """As the library answers: ``templates`` with all manifests under one name, ``crds`` among them.

    Raises RenderFailure R117 where there is no program either.
    """
    program = shutil.which("helm")
    if program is None:
        raise RenderFailure(
            "R117",
            "rendering a chart needs the library helm-python-sdk or the program helm, and neither is installed",
            "pip install 'holkas[helm]', or install helm",
        )
    values = scratch / "values.json"
    values.write_text(request["values"])
    words = [
        program, "template", str(chart), "--name-template", request["name"], "--namespace", request["namespace"],
        "--kube-version", request["kube_version"], "--values", str(values),
    ]  # fmt: skip
    for one in request["api_versions"]:
        words += ["--api-versions", one]
    home = scratch / "helm"
    environ = {
        "PATH": os.defpath,
        "HOME": str(home),
        "HELM_CACHE_HOME": str(home / "cache"),
        "HELM_CONFIG_HOME": str(home / "config"),
        "HELM_DATA_HOME": str(home / "data"),
        "HELM_NO_PLUGINS": "1",
        "TZ": "UTC",
    }

    def run(*words: str) -> dict[str, Any]:
        return workers.ask({"op": "run", "words": words, "directory": str(scratch), "environ": environ})

    answer = run(*words)
    if "error" in answer:
        return {"error": answer["error"]}
    if answer["code"]:
        said = answer["said"].strip()
        if _MISSING in said:
            return {"missing": said.partition(_MISSING)[2].split(", ")}
        return {"error": said.removeprefix("Error: ")[:4000]}
    crds = run(program, "show", "crds", str(chart)) if _has_crds(chart) else {"code": 0, "text": ""}
    if "error" in crds or crds["code"]:
        return {"error": str(crds.get("error") or crds["said"]).strip()[:4000]}
    return {"templates": {"templates": answer["text"]}, "crds": [crds["text"]]}


def _has_crds(chart: Path) -> bool:
    """Whether the chart or a dependency may have definitions; of an archive nobody knows."""
    return any(
        path.name.endswith(".tgz") or (path.name == "crds" and path.is_dir()) for path in chart.rglob("*")
    )
