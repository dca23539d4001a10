"""Of runs that did not succeed, the newest keep what their claims hold."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.local_runs import Runner

TEXT = """
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: run}
spec:
  workspaces: [{name: w, volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce]}}}]
  pipelineSpec:
    workspaces: [{name: w}]
    tasks:
    - name: a
      taskSpec:
        workspaces: [{name: w}]
        steps: [{name: s, image: alpine, script: 'echo content > $(workspaces.w.path)/file; CODE'}]
"""


@pytest.fixture
def runner(tmp_path):
    runner = Runner.make(tmp_path, "process")
    yield runner
    runner.server.close()


def run(runner, code, keep):
    started, *_ = runner.start(TEXT.replace("CODE", code))
    request = started.request
    started.request = replace(request, options=replace(request.options, keep_workspaces=keep))
    identity = started.begin().finish().id
    runner.server.close()  # it has let go of everything
    return identity, Runner.make(runner.root, "process")


def kept(runner):
    work = runner.root / "state" / "work"
    return {path.name: sorted(p.name for p in path.rglob("*") if p.is_file()) for path in work.iterdir()}


def test_the_newest_so_many_that_failed(runner):
    first, runner = run(runner, "false", 2)
    assert kept(runner) == {first: ["file"]}
    _, runner = run(runner, "true", 2)
    assert kept(runner) == {first: ["file"]}, "one that succeeded keeps nothing and takes no place"
    second, runner = run(runner, "false", 2)
    third, runner = run(runner, "false", 2)
    assert set(kept(runner)) >= {third}
    _, runner = run(runner, "true", 2)
    assert len(kept(runner)) == 2
    assert set(kept(runner)) <= {first, second, third}
    _, runner = run(runner, "true", 0)
    assert kept(runner) == {}
    none, runner = run(runner, "false", 0)
    assert none not in kept(runner)
    runner.server.close()


def test_forgetting_a_run_forgets_its_workspaces(runner):
    from holkas.state.store import Store

    failed, runner = run(runner, "false", 3)
    store = Store(runner.root / "state")
    assert store.remove_run(failed)
    assert kept(runner) == {}
    store.close()
    runner.server.close()
