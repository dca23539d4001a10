"""A run's surroundings without a run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from holkas.extensions.executor import Executor
from holkas.model.catalog import Catalog, SecretData
from holkas.model.secret import Secret
from holkas.state.masking import Masker
from holkas.state.store import Store
from holkas_builtin.executors.process import ProcessExecutor
from holkas_builtin.runner.journal import Journal
from holkas_builtin.runner.place_pool import PlacePool
from holkas_builtin.runner.pod import Pod
from holkas_builtin.runner.run_context import RunContext

CATALOG = Catalog(
    config_maps={"settings": {"a": b"1", "b.txt": b"two", "not a name": b"x"}},
    secrets={
        "token": SecretData(
            name="token", type="Opaque", data={"value": Secret(b"correct-horse")}, annotations={}
        )
    },
)

MakeContext = Callable[..., RunContext]


@pytest.fixture
def make_context(tmp_path: Path) -> MakeContext:
    store = Store(tmp_path / "state")

    def make(catalog: Catalog = CATALOG, executor: Executor | None = None) -> RunContext:
        directory = store.directory("20260101-000000-bbbb")
        directory.path.mkdir(parents=True, exist_ok=True)
        return RunContext(
            run_id="20260101-000000-bbbb",
            namespace="default",
            catalog=catalog,
            executor=executor or ProcessExecutor(),
            journal=Journal(store, "20260101-000000-bbbb", Masker()),
            directory=directory,
            secrets=tmp_path / "secrets",
            places=PlacePool(tmp_path / "places"),
        )

    return make


@pytest.fixture
def context(make_context: MakeContext) -> RunContext:
    return make_context()


@pytest.fixture
def pod() -> Pod:
    return Pod(
        name="run-pod",
        namespace="ns",
        uid="u",
        account="robot",
        labels={"b": "2", "a": 'say "x"'},
        annotations={"note": "n"},
    )
