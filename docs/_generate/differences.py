"""docs/reference/known-differences.md, from the list that the conformance tests use."""

from __future__ import annotations

import tomllib
from pathlib import Path

from docs._generate.markdown import code, made, table

SOURCE = Path(__file__).resolve().parents[2] / "tests" / "conformance" / "known_differences.toml"


def page() -> str:
    """The whole page."""
    entries = tomllib.loads(SOURCE.read_text(encoding="utf-8")).get("difference", [])
    rows = [(entry["suite"], code(entry["id"]), entry["reason"]) for entry in entries]
    return "\n".join(
        [
            made("tests/conformance/known_differences.toml"),
            "# Known differences\n",
            "The conformance tests compare holkas with the answers of Tekton, Argo CD and Kubernetes. These are "
            "the cases in which it answers otherwise, each on purpose. A case that is not in this list must agree, "
            "or the tests fail.\n",
            table(("suite", "case", "reason"), rows),
            "What holkas cannot run at all is in [the table of features](tekton-support.md).\n",
        ]
    )
