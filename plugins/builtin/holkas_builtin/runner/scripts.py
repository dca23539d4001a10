"""Scripts as files, with the beginning that Tekton gives them."""

from __future__ import annotations

import os
from pathlib import Path

DEFAULT_BEGINNING = "#!/bin/sh\nset -e\n"


def script_text(script: str) -> str:
    """The file's text: without a shebang the script gets ``#!/bin/sh`` and ``set -e`` (Tekton docs, tasks.md, script).

    A blank line before ``#!`` is not a shebang for the kernel either; Tekton trims nothing, and neither do we.
    """
    return script if script.strip().startswith("#!") else DEFAULT_BEGINNING + script


def write_script(directory: Path, name: str, text: str) -> None:
    """Write an executable script."""
    descriptor = os.open(directory / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o755)
    try:
        os.fchmod(descriptor, 0o755)
        view = memoryview(text.encode("utf-8", "surrogateescape"))
        while view:
            view = view[os.write(descriptor, view) :]
    finally:
        os.close(descriptor)
