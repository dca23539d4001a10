"""Scripts as files, with the beginning that Tekton gives them."""

from __future__ import annotations

import os
from pathlib import Path

from holkas_builtin.runner.beneath import NotPlain, open_beneath
from holkas_builtin.runner.errors import UNSUPPORTED, SetupError

DEFAULT_BEGINNING = "#!/bin/sh\nset -e\n"


def script_text(script: str) -> str:
    """The file's text: without a shebang the script gets ``#!/bin/sh`` and ``set -e`` (Tekton docs, tasks.md, script).

    A blank line before ``#!`` is not a shebang for the kernel either; Tekton trims nothing, and neither do we.
    """
    return script if script.strip().startswith("#!") else DEFAULT_BEGINNING + script


def write_script(root: Path, relative: str, text: str) -> None:
    """Write an executable script ``relative`` under ``root``, for as long as nothing of that name is there.

    Raises SetupError where something else stands in the way.
    """
    try:
        descriptor = open_beneath(root, relative, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    except (NotPlain, FileNotFoundError) as error:
        raise SetupError(UNSUPPORTED, f"a script cannot be written: {error}") from error
    try:
        os.fchmod(descriptor, 0o755)
        view = memoryview(text.encode("utf-8", "surrogateescape"))
        while view:
            view = view[os.write(descriptor, view) :]
    finally:
        os.close(descriptor)
