"""The folder ../shared beside the checkout: cases with the originals' answers, and example files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]


def shared(*parts: str) -> Path:
    """A path under ../shared; skips the test (or the module, at collection) where it is missing."""
    path = ROOT.parent.joinpath("shared", *parts)
    if not path.exists():
        pytest.skip(f"../shared is missing: no {'/'.join(parts)}", allow_module_level=True)
    return path


def rows(*parts: str) -> Iterator[dict[str, Any]]:
    """The lines of a file of cases."""
    with shared("cases", *parts).open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
