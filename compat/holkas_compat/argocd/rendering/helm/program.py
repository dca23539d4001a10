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
    answer = workers.ask({"op": "run", "words": words, "directory": str(scratch), "environ": environ})
    if "error" in answer:
        return {"error": answer["error"]}
    if answer["code"]:
        said = answer["said"].strip()
        if _MISSING in said:
            return {"missing": said.partition(_MISSING)[2].split(", ")}
        return {"error": said.removeprefix("Error: ")[:4000]}
    return {"templates": {"templates": answer["text"]}, "crds": _crds(chart)}


def _crds(chart: Path) -> list[str]:
    """The texts below ``crds``, of the chart and its unpacked dependencies."""
    found = [path for path in sorted(chart.rglob("crds/**/*")) if path.suffix in (".yaml", ".yml", ".json")]
    return [path.read_text("utf-8", "replace") for path in found if path.is_file()]
