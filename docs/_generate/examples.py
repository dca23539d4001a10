"""The table "What runs" of README.md, from the counts that tests/conformance/test_tekton_examples_run.py wrote.

docs/reference/examples.json::

    {"runnable": 67, "executors": {"sandbox": {"succeeded": 67, "skipped": 0}, "process": {…}}}

``runnable``: files of upstream's examples that need neither Kubernetes nor the network. ``succeeded``: whose first run
ended with Succeeded=True. ``skipped``: left out, as they need isolation (on the bare host) or
a program that the machine of the test lacked.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from docs._generate.markdown import code, table

ROOT = Path(__file__).resolve().parents[2]
COUNTS = ROOT / "docs" / "reference" / "examples.json"
BEGIN, END = "<!-- examples:begin -->", "<!-- examples:end -->"


def counts() -> dict[str, Any]:
    """The committed counts; empty where the test has not written any."""
    if not COUNTS.is_file():
        return {}
    found: dict[str, Any] = json.loads(COUNTS.read_text(encoding="utf-8"))
    return found


def block() -> str:
    """The table between the markers."""
    found = counts()
    rows = [
        (code(name), str(count["succeeded"]), str(found["runnable"]), str(count.get("skipped", 0)))
        for name, count in found.get("executors", {}).items()
    ]
    if not rows:
        return "No counts yet.\n"
    return table(("executor", "succeed as upstream expects", "of", "left out"), rows)


def readme() -> str:
    """README.md with the table as the counts say it. Raises ValueError where the markers are gone."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    before, found, rest = text.partition(BEGIN)
    _, closed, after = rest.partition(END)
    if not found or not closed:
        raise ValueError(f"README.md lacks {BEGIN} or {END}")
    return f"{before}{BEGIN}\n{block()}{END}{after}"
