"""Build servers whose runs are really carried out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.local_runs import EXECUTORS, Runner, need


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    """On the bare host, where every machine can run it."""
    made = Runner.make(tmp_path_factory.mktemp("process"), "process")
    yield made
    made.server.close()


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    made = Runner.make(tmp_path_factory.mktemp("sandbox"), need("sandbox"))
    yield made
    made.server.close()


@pytest.fixture(scope="module", params=EXECUTORS)
def each(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    """One executor after the other."""
    made = Runner.make(tmp_path_factory.mktemp(request.param), need(request.param))
    yield made
    made.server.close()
