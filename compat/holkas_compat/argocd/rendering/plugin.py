"""Config management plugins as commands of this machine: only those that the user named and allowed.

Source: Argo CD, "Config Management Plugins": the command runs in the application's directory and prints manifests;
variables of the source get the prefix ``ARGOCD_ENV_``, parameters ``PARAM_`` and ``ARGOCD_APP_PARAMETERS``.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .environment import BuildEnvironment
from .failure import RenderFailure
from .inputs import TreeReader
from .manifests import split
from .workers import Workers


def render_plugin(
    path: str,
    options: Mapping[str, Any],
    reader: TreeReader,
    environment: BuildEnvironment,
    workers: Workers,
    scratch: Path,
    allowed: Mapping[str, Sequence[str]],
) -> list[dict[str, Any]]:
    """The manifests that an allowed command prints. ``allowed``: name → words. Raises RenderFailure R130."""
    name = str(options.get("name") or "")
    words = allowed.get(name)
    if not words:
        raise RenderFailure(
            "R130",
            f"the config management plugin {name!r} is not allowed to run here",
            f"name its command in holkas.yaml: plugins.renderers.argocd.config_management_plugins.{name or 'NAME'}",
        )
    reader.below("")
    copy = scratch / "plugin"
    shutil.copytree(reader.root(""), copy, symlinks=True, dirs_exist_ok=True)
    environ = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(scratch),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        **environment.all(),
    }
    environ |= variables(options, environment)
    answer = workers.ask(
        {"op": "run", "words": list(words), "directory": str(copy / path), "environ": environ}
    )
    if "error" in answer:
        raise RenderFailure("R130", f"plugin {name}: {answer['error']}")
    if answer["code"]:
        said = str(answer["said"]).strip().replace(f"{copy}/", "")[:4000]
        raise RenderFailure("R130", f"plugin {name} ended with {answer['code']}: {said}")
    return split(str(answer["text"]), f"plugin {name}")


def variables(options: Mapping[str, Any], environment: BuildEnvironment) -> dict[str, str]:
    """What the source's ``env`` and ``parameters`` become.

    Source: pkg/apis/application/v1alpha1 (ApplicationSourcePluginParameters.Environ).
    """
    found: dict[str, str] = {}
    for one in options.get("env") or ():
        if isinstance(one, Mapping) and one.get("name"):
            found[f"ARGOCD_ENV_{one['name']}"] = environment.expand(str(one.get("value") or ""))
    parameters = [one for one in options.get("parameters") or () if isinstance(one, Mapping)]
    if parameters:
        found["ARGOCD_APP_PARAMETERS"] = json.dumps(parameters, separators=(",", ":"))
    for one in parameters:
        name = "PARAM_" + _variable(str(one.get("name") or ""))
        if one.get("string") is not None:
            found[name] = str(one["string"])
        for key, value in (one.get("map") or {}).items():
            found[f"{name}_{_variable(str(key))}"] = str(value)
        for index, value in enumerate(one.get("array") or ()):
            found[f"{name}_{index}"] = str(value)
    return found


def _variable(name: str) -> str:
    return re.sub(r"[^A-Z0-9_]", "_", name.upper())
