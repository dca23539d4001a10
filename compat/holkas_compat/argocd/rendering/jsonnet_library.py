"""Runs in the worker: evaluates jsonnet with imports confined to one directory."""

from __future__ import annotations

import os
import posixpath
from pathlib import Path
from typing import Any

from .failure import RenderFailure

MAX_IMPORT = 32 << 20
MAX_STACK = 500
"""Of go-jsonnet, also where nothing is said."""


class _Importer:
    """Finds imported files below ``root`` and nowhere else. ``read``: every path that was looked at."""

    def __init__(self, root: str, paths: list[str]) -> None:
        self._root = os.path.realpath(root)
        self._paths = paths
        self.read: set[str] = set()

    def __call__(self, directory: str, name: str) -> tuple[str, bytes]:
        if name.startswith("/"):
            raise RenderFailure("R110", f"import of {name!r} leaves the repository")
        for base in (directory, *self._paths):
            path = posixpath.normpath(posixpath.join(base, name))
            if path == ".." or path.startswith("../"):
                continue
            self.read.add(path)
            place = os.path.realpath(posixpath.join(self._root, path))
            if not place.startswith(self._root + "/") or not Path(place).is_file():
                continue
            self.read.add(os.path.relpath(place, self._root))
            if Path(place).stat().st_size > MAX_IMPORT:
                raise RenderFailure("R104", f"{path} is larger than {MAX_IMPORT >> 20} MiB")
            return path, Path(place).read_bytes()
        raise RenderFailure("R110", f"couldn't open import {name!r}: no match in the repository")


def evaluate(request: dict[str, Any]) -> dict[str, Any]:
    """``text`` or ``error``, and ``read``. Request: root, file, paths, ext_vars, ext_codes, tla_vars, tla_codes."""
    try:
        import _gojsonnet
    except ImportError:
        return {"error": "jsonnet needs the library gojsonnet: pip install 'holkas[jsonnet]'"}
    importer = _Importer(request["root"], request["paths"])
    try:
        name, data = importer("", request["file"])
        text = _gojsonnet.evaluate_snippet(
            name,
            data.decode("utf-8"),
            max_stack=MAX_STACK,
            ext_vars=request["ext_vars"],
            ext_codes=request["ext_codes"],
            tla_vars=request["tla_vars"],
            tla_codes=request["tla_codes"],
            import_callback=importer,
        )
    except (RuntimeError, RenderFailure, UnicodeDecodeError) as error:
        said = "\n".join(line for line in str(error).splitlines() if line.strip())[:4000]
        return {"error": said, "read": sorted(importer.read)}
    return {"text": text, "read": sorted(importer.read)}
