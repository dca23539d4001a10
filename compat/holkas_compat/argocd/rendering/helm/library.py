"""Runs in the worker: one chart through the library helm-python-sdk."""

from __future__ import annotations

import json
from typing import Any

_charts: dict[str, Any] = {}


def render(request: dict[str, Any]) -> dict[str, Any]:
    """Templates and CRDs of a chart.

    Request: ``chart`` (path), ``values``, ``name``, ``namespace``, ``kube_version``, ``api_versions``.
    Answer: ``templates`` (path → text), ``crds`` (texts), ``missing`` (dependencies without a chart); or ``error``; or
    ``absent`` where the library is not installed.
    """
    try:
        from helm_python import Chart, _native
        from helm_python.errors import HelmError
    except ImportError:
        return {"absent": True}
    options = {
        key: request[key] for key in ("name", "namespace", "kube_version", "api_versions") if request[key]
    }
    try:
        with Chart.load(request["chart"]) as chart:
            metadata = chart.metadata
            there = {one.get("name") for one in chart.dependencies}
            wanted = [one.get("name") for one in metadata.get("dependencies") or () if isinstance(one, dict)]
            if missing := [name for name in wanted if name not in there]:
                return {"missing": missing}
            # Versions of the cluster are an option of the library's own call alone.
            text = _native.call_string("helm_render", chart._raw(), request["values"], json.dumps(options))
            return {
                "templates": json.loads(text),
                "crds": [one["data"] for one in chart.crds],
                "metadata": metadata,
            }
    except HelmError as error:
        return {"error": str(error)[:4000]}
