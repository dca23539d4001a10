"""Which way of showing progress fits: ``--progress auto|live|plain|quiet|json``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TextIO

from holkas.cli.render.progress_view import ProgressView

MODES = ("auto", "live", "plain", "quiet", "json")


def progress_view(mode: str, out: TextIO, environ: Mapping[str, str] | None = None) -> ProgressView:
    """The view for a mode; ``auto`` is live on a terminal that can move its cursor, plain elsewhere."""
    environ = os.environ if environ is None else environ
    if mode == "auto":
        capable = out.isatty() and environ.get("TERM", "dumb") != "dumb" and not environ.get("CI")
        mode = "live" if capable else "plain"
    if mode == "live":
        from holkas.cli.render.live import LiveProgress

        return LiveProgress(out)
    if mode == "json":
        from holkas.cli.render.json_progress import JsonProgress

        return JsonProgress(out)
    if mode == "quiet":
        from holkas.cli.render.json_progress import QuietProgress

        return QuietProgress()
    from holkas.cli.render.plain import PlainProgress

    return PlainProgress(out)
