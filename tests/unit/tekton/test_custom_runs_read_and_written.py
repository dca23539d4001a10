"""CustomRuns and custom tasks: what is loaded of them, what is said of those that nobody serves, how they are written."""

from __future__ import annotations

import json
from typing import Any

import pytest
from holkas.extensions.importer import Loaded, RunWish
from holkas.model.finding import Severity
from holkas.model.record import Condition, PipelineRunRecord, TaskRunRecord
from holkas.model.reference import Reference
from holkas.model.run import TaskRun
from holkas.yaml import Source, load_documents
from holkas_compat.tekton import reader, writer
from holkas_compat.tekton.importer import TektonImporter
from holkas_compat.tekton.load import load
from holkas_compat.tekton.status import children, manifest

KIND = "x.dev/v1/Wait"
SPEC = {
    "apiVersion": "x.dev/v1",
    "kind": "Wait",
    "metadata": {"labels": {"l": "1"}},
    "spec": {"a": [1, {"b": None}]},
}


def custom_run(name: str | None = "c", **spec: Any) -> str:
    metadata = {"generateName": "c-"} if name is None else {"name": name}
    return json.dumps(
        {"apiVersion": "tekton.dev/v1beta1", "kind": "CustomRun", "metadata": metadata, "spec": spec}
    )


def loaded(*texts: str, served: bool = True) -> Loaded:
    source = Source("f.yaml", "\n---\n".join(texts).encode())
    kinds = frozenset({KIND}) if served else frozenset()
    return load(load_documents(source), RunWish(seed="seed", custom_tasks=kinds))


REF = {"apiVersion": "x.dev/v1", "kind": "Wait", "name": "w"}
OBJECT = "{apiVersion: x.dev/v1, kind: Wait, metadata: {name: w}, spec: {s: 1}}"


def test_a_custom_run_is_a_run() -> None:
    found = loaded(
        custom_run(
            customRef=REF,
            params=[{"name": "p", "value": ["a"]}],
            retries=2,
            timeout="90s",
            serviceAccountName="sa",
            workspaces=[{"name": "w", "emptyDir": {}}],
        ),
        OBJECT,
    )
    assert found.findings == ()
    (run,) = found.runs
    assert isinstance(run, TaskRun)
    assert (run.name, run.custom_kind, run.kind, run.spec) == ("c", KIND, "CustomRun", None)
    assert run.ref == Reference(name="w", kind="Wait", api_version="x.dev/v1")
    assert (run.retries, run.timeout, run.settings.service_account) == (2, 90.0, "sa")
    assert [binding.kind for binding in run.workspaces] == ["emptyDir"]
    assert found.catalog.custom_tasks == {KIND}
    assert found.catalog.objects[KIND, "w"]["spec"] == {"s": 1}


def test_generated_names_and_wishes_hold_for_custom_runs() -> None:
    source = Source("f.yaml", custom_run(None, customRef=REF).encode())
    wish = RunWish(seed="seed", params={"p": "v"}, custom_tasks=frozenset({KIND}))
    found = load(load_documents(source), wish)
    assert found.findings == ()
    (run,) = found.runs
    assert run.name.startswith("c-")
    assert [(param.name, param.value) for param in run.params] == [("p", "v")]


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"customRef": REF}, "spec.customRef.kind"),
        ({"customSpec": SPEC}, "spec.customSpec.kind"),
    ],
)
def test_a_kind_that_nobody_serves_is_named(given: dict[str, Any], place: str) -> None:
    found = loaded(custom_run(**given), served=False)
    (finding,) = found.findings
    assert (finding.code, finding.severity) == ("T513", Severity.ERROR)
    assert finding.message == f"{place}: no plugin serves the custom task Wait of x.dev/v1"
    assert finding.hint == "a plugin can, with the hook holkas_custom_tasks and the capability x.dev/v1/Wait"
    assert not loaded(custom_run(**given)).findings


def test_a_custom_run_of_tekton_s_own_kind_is_custom_all_the_same() -> None:
    found = loaded(custom_run(customRef={"apiVersion": "tekton.dev/v1", "kind": "Task", "name": "t"}))
    assert [finding.code for finding in found.findings] == ["T513"]


def test_custom_tasks_of_pipelines_are_admitted_where_they_are_served() -> None:
    text = json.dumps(
        {
            "apiVersion": "tekton.dev/v1",
            "kind": "PipelineRun",
            "metadata": {"name": "r"},
            "spec": {
                "pipelineSpec": {"tasks": [{"name": "a", "taskRef": REF}, {"name": "b", "taskSpec": SPEC}]}
            },
        }
    )
    assert loaded(text, OBJECT).findings == ()
    codes = [finding.code for finding in loaded(text, OBJECT, served=False).findings]
    assert sorted(codes) == ["T513", "T513", "T527"]


def test_a_custom_run_that_tekton_refuses_is_not_run() -> None:
    found = loaded(custom_run(customRef={"apiVersion": "x.dev/v1", "name": "w"}))
    assert found.runs == ()
    assert [finding.code for finding in found.findings] == ["T102"]


def test_lint_says_nothing_of_what_a_cluster_may_serve() -> None:
    source = Source("f.yaml", custom_run(customRef=REF).encode())
    assert TektonImporter().lint(load_documents(source)) == []


@pytest.mark.parametrize("what", [{"customRef": REF}, {"customSpec": SPEC}])
def test_a_custom_run_comes_back_as_it_was(what: dict[str, Any]) -> None:
    text = custom_run(
        **what,
        params=[{"name": "p", "value": "v"}],
        status="RunCancelled",
        statusMessage="why",
        retries=1,
        serviceAccountName="sa",
        timeout="1m0s",
        workspaces=[{"name": "w", "emptyDir": {}}],
    )
    written = writer.write_run(reader.read_custom_run(json.loads(text)))
    assert written == json.loads(text)


def test_a_custom_run_without_a_record_is_a_v1beta1_document() -> None:
    (run,) = loaded(custom_run(customRef=REF)).runs
    document = manifest(run)
    assert (document["apiVersion"], document["kind"], list(document["spec"])) == (
        "tekton.dev/v1beta1", "CustomRun", ["customRef"],
    )  # fmt: skip


def test_children_of_a_pipeline_run_are_objects_as_on_a_cluster() -> None:
    (run,) = loaded(custom_run(customSpec=SPEC)).runs
    assert isinstance(run, TaskRun)
    good = Condition(status="True", reason="Done")
    record = PipelineRunRecord(
        name="r",
        condition=good,
        children=(
            TaskRunRecord(
                name="r-a", pipeline_task="a", condition=good, custom_kind=KIND, custom_spec=run.custom_spec
            ),
            TaskRunRecord(
                name="r-b",
                pipeline_task="b",
                condition=good,
                custom_kind=KIND,
                ref=Reference(name="w", kind="Wait", api_version="x.dev/v1"),
            ),
        ),
    )
    embedded, referred = children(record)
    for document in (embedded, referred):
        assert (document["apiVersion"], document["kind"]) == ("tekton.dev/v1beta1", "CustomRun")
        assert document["metadata"]["ownerReferences"][0]["name"] == "r"
        assert document["status"]["conditions"][0]["reason"] == "Done"
    assert embedded["spec"]["customSpec"] == SPEC
    assert referred["spec"]["customRef"] == {"name": "w", "kind": "Wait", "apiVersion": "x.dev/v1"}
