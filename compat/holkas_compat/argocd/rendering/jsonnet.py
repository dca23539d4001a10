"""Jsonnet files of a directory.

Source: Argo CD, "Jsonnet"; reposerver/repository/repository.go (makeJsonnetVM): imports are looked for beside the file,
then at the application's path, then in ``libs``, which are relative to the repository's root.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .environment import BuildEnvironment
from .failure import RenderFailure
from .inputs import TreeReader, inner_path
from .workers import Workers


def render_jsonnet(
    name: str,
    path: str,
    options: Mapping[str, Any],
    reader: TreeReader,
    environment: BuildEnvironment,
    workers: Workers,
) -> list[dict[str, Any]]:
    """The manifests that a file gives: one object, or a list of them. Raises RenderFailure R110."""
    libraries = [inner_path("", str(one), "jsonnet library") for one in options.get("libs") or ()]
    request: dict[str, Any] = {
        "op": "jsonnet",
        "file": name,
        "paths": [path, *libraries],
        # What is imported is known only while it is evaluated: the whole source has to be there.
        "root": str(reader.tree.materialise(("",))),
    }
    for key, kind in (("extVars", "ext"), ("tlas", "tla")):
        values: dict[str, dict[str, str]] = {"vars": {}, "codes": {}}
        for entry in options.get(key) or ():
            one = entry if isinstance(entry, Mapping) else {}
            text = environment.expand(str(one.get("value") or ""))
            values["codes" if one.get("code") else "vars"][str(one.get("name") or "")] = text
        request[f"{kind}_vars"], request[f"{kind}_codes"] = values["vars"], values["codes"]
    answer = workers.ask(request)
    reader.looked_at.update(answer.get("read", ()))
    if "error" in answer:
        raise RenderFailure("R110", f"Failed to evaluate jsonnet {name!r}: {answer['error']}")
    return _objects(name, answer["text"])


def _objects(name: str, text: str) -> list[dict[str, Any]]:
    try:
        value = json.loads(text)
    except RecursionError:
        raise RenderFailure("R110", f"{name} gives values that are nested too deeply") from None
    found = value if isinstance(value, list) else [value]
    if not all(isinstance(one, dict) for one in found):
        raise RenderFailure(
            "R110", f"Failed to unmarshal generated json {name!r}: it holds more than objects"
        )
    return found
