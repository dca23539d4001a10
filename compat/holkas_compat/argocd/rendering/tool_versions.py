"""Which renderers are installed, told cheaply: part of the key of everything that is cached."""

from __future__ import annotations

import shutil
import sys
from functools import cache
from pathlib import Path

from holkas import __version__

_LIBRARIES = ("helm_python/__init__.py", "helm_python/lib/libhelm_c.so", "_gojsonnet*.so")


@cache
def tool_versions() -> tuple[str, ...]:
    """A text for each tool that changes when another one is installed; no tool is asked and no library imported."""
    found = [__version__]
    own = str(Path(sys.executable).parent)
    for name in ("kustomize", "kubectl", "helm"):
        if place := shutil.which(name, path=own) or shutil.which(name):
            found.append(_fingerprint(Path(place)))
    for directory in dict.fromkeys(sys.path):
        for pattern in _LIBRARIES:
            found += [_fingerprint(path) for path in sorted(Path(directory or ".").glob(pattern))]
    return tuple(found)


def _fingerprint(path: Path) -> str:
    status = path.stat()
    return f"{path}:{status.st_size}:{status.st_mtime_ns}"
