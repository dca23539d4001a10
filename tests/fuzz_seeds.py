"""Manifests that are whole, from which broken ones are made: our own, and the corpora where they are."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from tests.shared import ROOT

YAML_BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LARGEST = 12_000
"""Bytes of a file that is used: what is small is broken more often in the same time."""

WHOLE = ROOT / "tests" / "fuzz" / "whole"


@cache
def tekton() -> tuple[bytes, ...]:
    """Our own manifests, those of the documentation and of the corpora."""
    return (
        (WHOLE / "tekton.yaml").read_bytes(),
        *_files(ROOT / "examples"),
        *_blocks("tekton.dev/"),
        *_files(_corpus("tekton-examples")),
    )


@cache
def argo_cd() -> tuple[bytes, ...]:
    """The same for Argo CD."""
    return ((WHOLE / "argocd.yaml").read_bytes(), *_blocks("argoproj.io/"))


def _corpus(name: str) -> Path:
    return ROOT.parent / "shared" / "corpora" / name


def _files(directory: Path) -> list[bytes]:
    found = [path.read_bytes() for path in sorted(directory.rglob("*.y*ml"))] if directory.is_dir() else []
    return [data for data in found if len(data) <= LARGEST]


def _blocks(text: str) -> list[bytes]:
    pages = sorted((ROOT / "docs").rglob("*.md"))
    found = [block for page in pages for block in YAML_BLOCK.findall(page.read_text(encoding="utf-8"))]
    return [block.encode() for block in found if text in block]
