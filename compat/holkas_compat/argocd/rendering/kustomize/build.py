"""Builds a kustomization with the program ``kustomize`` or ``kubectl kustomize``, in a copy of what it reads.

The program sees neither the network (proxies that lead nowhere, no git) nor the user's home and variables.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from holkas_compat.argocd.rendering.environment import BuildEnvironment
from holkas_compat.argocd.rendering.failure import RenderFailure
from holkas_compat.argocd.rendering.inputs import TreeReader, inner_path
from holkas_compat.argocd.rendering.manifests import split
from holkas_compat.argocd.rendering.source_type import kustomization_at
from holkas_compat.argocd.rendering.workers import Workers

from .closure import kustomization_of, read_closure
from .edits import edited

_NOWHERE = "http://127.0.0.1:9"


def render_kustomization(
    path: str,
    options: Mapping[str, Any],
    reader: TreeReader,
    environment: BuildEnvironment,
    workers: Workers,
    scratch: Path,
) -> list[dict[str, Any]]:
    """The manifests of a kustomization. Raises RenderFailure."""
    place = kustomization_at(path, reader)
    if not place:
        raise RenderFailure("R121", f"{path or '.'} holds no kustomization file")

    def exists(component: str) -> bool:
        where = inner_path(path, component, "component")
        reader.below(where)
        return bool(kustomization_at(where, reader))

    original = kustomization_of(place, reader.read(place))
    made = edited(original, options, environment, exists)
    files = read_closure(path, reader, made)
    if made != original:
        files[place] = json.dumps(made).encode()
    _copy(files, scratch)
    return split(_build(scratch / path, scratch, workers), place)


def _copy(files: Mapping[str, bytes], scratch: Path) -> None:
    made: set[Path] = set()
    for name, content in files.items():
        file = scratch / name
        if file.parent not in made:
            file.parent.mkdir(parents=True, exist_ok=True)
            made.add(file.parent)
        file.write_bytes(content)


def _build(directory: Path, scratch: Path, workers: Workers) -> str:
    environ = {
        "HOME": "/nonexistent",
        "PATH": "/nonexistent",
        "TMPDIR": str(scratch),
        "TZ": "UTC",
        **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), _NOWHERE),
        "NO_PROXY": "",
        "KUBECONFIG": "/dev/null",
    }
    words = [*program(), str(directory)]
    answer = workers.ask({"op": "run", "words": words, "directory": str(scratch), "environ": environ})
    if "error" in answer:
        raise RenderFailure("R123", f"kustomize: {answer['error']}")
    if answer["code"]:
        said = str(answer["said"]).strip().removeprefix("error: ").removeprefix("Error: ")
        said = said.replace(f"{scratch}/", "").replace(str(scratch), ".")
        raise RenderFailure("R123", f"kustomize: {said[:4000]}")
    return str(answer["text"])


@cache
def program() -> tuple[str, ...]:
    """The program with its subcommand: the one beside this Python first. Raises RenderFailure R124."""
    own = str(Path(sys.executable).parent)
    for name, command in (("kustomize", "build"), ("kubectl", "kustomize")):
        if found := shutil.which(name, path=own) or shutil.which(name):
            return found, command
    raise RenderFailure(
        "R124",
        "rendering a kustomization needs the program kustomize or kubectl, and neither is installed",
        "pip install 'holkas[kustomize]', or install kustomize",
    )
