"""The scenarios are really run, scripts and all, and end as Tekton's own code says they must."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.local_runs import Runner, need, why_not
from tests.scenario_verdicts import carried_out, compare, label, manifest
from tests.shared import rows

pytestmark = pytest.mark.conformance

CASES = list(rows("tekton", "generated", "scenarios", "expected.jsonl"))
SAMPLE = CASES[::10]
"""Cases that also run without a sandbox."""


@pytest.fixture(scope="module")
def executor() -> str:
    """The sandbox where it works: the other one where it does not."""
    return "process" if why_not("sandbox") else "sandbox"


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory, executor: str) -> Iterator[Runner]:
    made = Runner.make(tmp_path_factory.mktemp("scenarios"), executor)
    yield made
    made.server.close()


@pytest.fixture(scope="module")
def bare_runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    made = Runner.make(tmp_path_factory.mktemp("bare"), "process")
    yield made
    made.server.close()


@pytest.mark.parametrize("case", CASES, ids=label)
def test_a_scenario_ends_as_with_tekton(case: Mapping[str, Any], runner: Runner) -> None:
    carried_out(case, runner)


@pytest.mark.parametrize("case", SAMPLE, ids=label)
def test_a_scenario_ends_the_same_without_a_sandbox(case: Mapping[str, Any], bare_runner: Runner) -> None:
    need("process")
    compare(case, bare_runner.run(manifest(case)))
