"""The same scenarios in containers. All of them take minutes: ``HOLKAS_ALL_IN_CONTAINERS=1`` runs them.

The images are those of the tests, whatever the manifests name: what is proved is that every step is a container and
that everything between steps goes as with Tekton. A container starts in half the time without a network of its own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.container_images import need_containers, plain_image
from tests.local_runs import Runner
from tests.scenario_verdicts import carried_out, label
from tests.shared import rows

pytestmark = [pytest.mark.conformance, pytest.mark.containers]

EVERY = 1 if os.environ.get("HOLKAS_ALL_IN_CONTAINERS") else 38
CASES = list(rows("tekton", "generated", "scenarios", "expected.jsonl"))[::EVERY]


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    need_containers()
    settings = {"container": {"network": "none", "replace": {"*": plain_image()}}}
    made = Runner.make(tmp_path_factory.mktemp("scenarios"), "container", settings)
    yield made
    made.server.close()


@pytest.mark.parametrize("case", CASES, ids=label)
def test_a_scenario_ends_as_with_tekton(case: Mapping[str, Any], runner: Runner) -> None:
    carried_out(case, runner, slower=(4, 12))
