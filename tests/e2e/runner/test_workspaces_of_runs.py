"""What lies behind a workspace, who shares it, and who may write to it."""

from __future__ import annotations

from pathlib import Path

from holkas.model.run_request import RunRequest
from holkas.model.workspace import WorkspaceBinding

from tests.local_runs import Runner, Started

SHARED = """
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: shared}
spec:
  workspaces:
    - name: data
      BINDING
  pipelineSpec:
    workspaces: [{name: data}]
    results:
      - {name: seen, value: $(tasks.read.results.seen)}
    tasks:
      - name: write
        workspaces: [{name: data}]
        taskSpec:
          workspaces: [{name: data}]
          steps: [{image: bash, script: 'echo kept > $(workspaces.data.path)/file'}]
      - name: read
        runAfter: [write]
        workspaces: [{name: data}]
        taskSpec:
          workspaces: [{name: data}]
          results: [{name: seen}]
          steps:
            - image: bash
              script: cat $(workspaces.data.path)/file > $(results.seen.path) || printf nothing > $(results.seen.path)
"""


def test_a_claim_is_shared_by_the_tasks_of_a_run(each: Runner) -> None:
    finished = each.run(SHARED.replace("BINDING", "persistentVolumeClaim: {claimName: c}"))
    assert finished.results == {"seen": "kept\n"}


def test_a_claim_of_a_template_is_shared_too(each: Runner) -> None:
    template = (
        "volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}"
    )
    assert each.run(SHARED.replace("BINDING", template)).results == {"seen": "kept\n"}


def test_an_empty_directory_is_made_anew_for_each_task_run(each: Runner) -> None:
    assert each.run(SHARED.replace("BINDING", "emptyDir: {}")).results == {"seen": "nothing"}


def test_a_claim_does_not_outlive_its_run(tmp_path: Path) -> None:
    runner = Runner.make(tmp_path, "process")
    text = SHARED.replace("BINDING", "persistentVolumeClaim: {claimName: c}")
    text = text.replace("echo kept >", "test ! -e $(workspaces.data.path)/file; echo kept >")
    assert runner.run(text).ending == ("True", "Succeeded")
    assert runner.run(text).ending == ("True", "Succeeded")
    runner.server.close()
    assert list((runner.root / "state" / "work").iterdir()) == []


def test_a_directory_of_this_machine_keeps_what_is_written(each: Runner, tmp_path: Path) -> None:
    text = SHARED.replace("BINDING", "emptyDir: {}")
    (request,) = each.requests(text, params={}, jobs=0)
    binding = WorkspaceBinding(
        name="data", kind="hostPath", source={"path": str(tmp_path / "new"), "writable": True}
    )
    finished = Started(runner=each, request=with_workspaces(request, binding)).begin().finish()
    assert finished.results == {"seen": "kept\n"}
    assert (tmp_path / "new" / "file").read_text() == "kept\n"


def with_workspaces(request: RunRequest, *bindings: WorkspaceBinding) -> RunRequest:
    from dataclasses import replace

    return replace(request, run=replace(request.run, workspaces=bindings))


DOCUMENTS = """
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {a.txt: "1", b.txt: "2"}
---
apiVersion: v1
kind: Secret
metadata: {name: token}
stringData: {value: correct-horse-battery}
---
"""


def one(workspaces: str, spec: str, steps: str, documents: str = "") -> str:
    return f"""
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: {{name: one}}
spec:
  workspaces: {workspaces}
  taskSpec:
    workspaces: {spec}
    results: [{{name: seen}}]
    steps: {steps}
---
{documents}"""


def test_documents_of_the_file_become_files(each: Runner) -> None:
    finished = each.run(
        one(
            "[{name: c, configMap: {name: settings, items: [{key: a.txt, path: sub/x}]}},"
            " {name: s, secret: {secretName: token}}]",
            "[{name: c}, {name: s, mountPath: /etc/holkas-test-token}]",
            "[{image: bash, script: 'cd $(workspaces.c.path); find . -type f > $(results.seen.path);"
            " wc -c < $(workspaces.s.path)/value >> $(results.seen.path)'}]",
            DOCUMENTS,
        )
    )
    assert finished.ending == ("True", "Succeeded")
    assert str(finished.results["seen"]).split() == ["./sub/x", "21"]


def test_documents_and_read_only_workspaces_cannot_be_written(sandbox: Runner) -> None:
    finished = sandbox.run(
        one(
            "[{name: c, configMap: {name: settings}}, {name: d, emptyDir: {}}]",
            "[{name: c}, {name: d, readOnly: true}]",
            "[{image: bash, script: 'for d in $(workspaces.c.path) $(workspaces.d.path); do"
            " (echo x > $d/new) 2>/dev/null && printf wrote >> $(results.seen.path); done; true'}]",
            DOCUMENTS,
        )
    )
    assert finished.ending == ("True", "Succeeded")
    assert finished.results == {}


def test_a_missing_document_is_named(runner: Runner) -> None:
    finished = runner.run(
        one("[{name: c, configMap: {name: lost}}]", "[{name: c}]", "[{image: bash, script: x}]")
    )
    assert finished.ending == ("False", "CreateContainerConfigError")
    assert 'workspaces[c]: configMap "lost" not found' in finished.message


def test_a_required_workspace_that_is_not_bound_refuses_the_run(runner: Runner) -> None:
    finished = runner.run(one("[]", "[{name: c}]", "[{image: bash, script: x}]"))
    assert finished.ending == ("False", "TaskRunValidationFailed")
    assert finished.message == 'declared workspace "c" is required but has not been bound'


def test_a_pipeline_without_a_required_workspace_is_refused(runner: Runner) -> None:
    text = SHARED.replace("  workspaces:\n    - name: data\n      BINDING\n", "", 1)
    finished = runner.run(text)
    assert finished.ending == ("False", "InvalidWorkspaceBindings")
    assert finished.endings() == {}


def test_an_optional_workspace_that_is_not_bound_has_no_path(runner: Runner) -> None:
    finished = runner.run(
        one(
            "[]",
            "[{name: c, optional: true}]",
            "[{image: bash, script: 'echo \"<$(workspaces.c.path)>\" $(workspaces.c.bound) > $(results.seen.path)'}]",
        )
    )
    assert finished.results == {"seen": "<> false\n"}


def test_sub_paths_of_run_and_pipeline_are_joined(each: Runner) -> None:
    finished = each.run(
        """
        apiVersion: tekton.dev/v1
        kind: PipelineRun
        metadata: {name: paths}
        spec:
          workspaces: [{name: data, subPath: top, persistentVolumeClaim: {claimName: c}}]
          pipelineSpec:
            workspaces: [{name: data}]
            results: [{name: seen, value: $(tasks.read.results.seen)}]
            tasks:
              - name: write
                workspaces: [{name: w, workspace: data, subPath: inner}]
                taskSpec:
                  workspaces: [{name: w}]
                  steps: [{image: bash, script: 'echo x > $(workspaces.w.path)/file'}]
              - name: read
                runAfter: [write]
                workspaces: [{name: w, workspace: data}]
                taskSpec:
                  workspaces: [{name: w}]
                  results: [{name: seen}]
                  steps: [{image: bash, script: 'cd $(workspaces.w.path); echo * */* > $(results.seen.path)'}]
        """
    )
    assert finished.results == {"seen": "inner inner/file\n"}


def test_a_sub_path_does_not_lead_out_of_its_volume(runner: Runner) -> None:
    finished = runner.run(
        one("[{name: c, subPath: ../../x, emptyDir: {}}]", "[{name: c}]", "[{image: bash, script: x}]")
    )
    assert finished.record.condition.status == "False"
    assert "workspaces[c].subPath" in finished.message


def test_an_isolated_workspace_is_seen_by_its_step_alone(sandbox: Runner) -> None:
    finished = sandbox.run(
        one(
            "[{name: c, emptyDir: {}}]",
            "[{name: c}]",
            "[{name: has, image: bash, workspaces: [{name: c, mountPath: /own}], script: 'test -d /own'},"
            " {name: lacks, image: bash, script: 'test ! -e /own; test ! -e /workspace/c'}]",
        )
    )
    assert finished.ending == ("True", "Succeeded")


def test_an_embedded_task_gets_the_workspaces_that_it_speaks_of(each: Runner) -> None:
    finished = each.run(
        """
        apiVersion: tekton.dev/v1
        kind: PipelineRun
        metadata: {name: propagated}
        spec:
          workspaces: [{name: data, persistentVolumeClaim: {claimName: c}}]
          pipelineSpec:
            tasks:
              - name: write
                taskSpec:
                  steps: [{image: bash, script: 'echo x > $(workspaces.data.path)/file'}]
              - name: read
                runAfter: [write]
                taskSpec:
                  steps: [{image: bash, script: 'test -e $(workspaces.data.path)/file'}]
        """
    )
    assert finished.ending == ("True", "Succeeded")
