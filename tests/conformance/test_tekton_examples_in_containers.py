"""Tekton's own examples with each step in a container: in an image of the tests, as there is no registry here.

It has busybox and bash; files whose image brings more are left out. All of them take a minute or two:
``HOLKAS_ALL_IN_CONTAINERS=1`` runs them, else a few are run.
"""

from __future__ import annotations

import csv
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.container_images import image_with_bash, need_containers
from tests.local_runs import Runner
from tests.shared import shared

pytestmark = [pytest.mark.conformance, pytest.mark.containers]

CORPUS = shared("corpora", "tekton-examples")
with (CORPUS / "index.tsv").open(encoding="utf-8") as index:
    ROWS = [
        row
        for row in csv.DictReader(index, delimiter="\t")
        if row["needs_k8s_only"] == "n" and row["needs_network"] == "n"
    ]
SHELLS = ("ubuntu", "bash", "alpine", "busybox")
FITTING = [
    row["file"]
    for row in ROWS
    if all(any(shell in image for shell in SHELLS) for image in row["images"].split(",") if image)
    and "node" not in row["images"]
]
FILES = FITTING if os.environ.get("HOLKAS_ALL_IN_CONTAINERS") else FITTING[::15]


def test_examples_end_as_upstream_expects(tmp_path: Path) -> None:
    need_containers()
    settings = {"container": {"network": "none", "replace": {"*": image_with_bash()}}}
    runner = Runner.make(tmp_path, "container", settings)
    try:
        with ThreadPoolExecutor(max_workers=2) as pool:
            endings = dict(zip(FILES, pool.map(lambda file: ending(runner, file), FILES), strict=True))
    finally:
        runner.server.close()
    assert {file: text for file, text in endings.items() if text != "True"} == {}


def ending(runner: Runner, file: str) -> str:
    """``True``, or what went wrong with the first run of a file."""
    condition = runner.run((CORPUS / file).read_text(encoding="utf-8")).record.condition
    return condition.status if condition.succeeded else f"{condition.reason}: {condition.message}"
