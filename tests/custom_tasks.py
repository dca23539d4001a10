"""A fake custom task behind a build server, and manifests that use it."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from holkas.model.run_request import CancelMode
from holkas.plugins import Provider, hookimpl
from holkas.testing.fakes.custom_task import FakeCustomTask

from tests.local_runs import Finished, Runner, Started

VERSION, KIND = "fake.holkas.dev/v1", "Fake"


class Served:
    """A fake custom task, and a build server whose plugins serve it."""

    def __init__(self, root: Path, fake: FakeCustomTask, *more: FakeCustomTask) -> None:
        self.fake = fake
        tasks = (fake, *more)

        @hookimpl
        def holkas_custom_tasks() -> Any:
            for number, each in enumerate(tasks):
                yield Provider(
                    name=f"fake-{number}",
                    summary="Does as it is told.",
                    make=lambda context, each=each: each,
                    capabilities=frozenset({f"{VERSION}/{KIND}"}),
                )

        module = SimpleNamespace(holkas_custom_tasks=holkas_custom_tasks)
        self.runner = Runner.make(root, "process", given={"custom": module})

    def run(self, text: str) -> Finished:
        return self.runner.run(text)

    def begin(self, text: str, jobs: int = 0) -> Started:
        (started,) = self.runner.start(text, jobs=jobs)
        return started.begin()


def custom(name: str, *, embedded: Any = None, ref: str = "", **fields: Any) -> dict[str, Any]:
    """A pipeline task of the fake's kind; further fields are those of the pipeline task, ``params`` as a mapping."""
    params = [{"name": key, "value": value} for key, value in fields.pop("params", {}).items()]
    what = {"apiVersion": VERSION, "kind": KIND}
    if embedded is not None:
        return {"name": name, "taskSpec": {**what, **embedded}, "params": params, **fields}
    return {"name": name, "taskRef": {**what, **({"name": ref} if ref else {})}, "params": params, **fields}


def custom_run(name: str = "alone", **spec: Any) -> str:
    spec.setdefault("customRef", {"apiVersion": VERSION, "kind": KIND})
    document = {"apiVersion": "tekton.dev/v1beta1", "kind": "CustomRun", "metadata": {"name": name}}
    return json.dumps({**document, "spec": spec})


HOLD = {"hold": "true"}


def cancelled(served: Served, text: str, mode: CancelMode) -> Finished:
    started = served.begin(text)
    assert served.fake.started.wait(60)
    served.runner.server.cancel(started.id, mode)
    return started.finish()
