"""From documents to runs, with what the user adds on the command line."""

from __future__ import annotations

import re

import pytest
from holkas.extensions.importer import Loaded, RunWish
from holkas.model.finding import Finding, Severity
from holkas.model.run import PipelineRun, TaskRun
from holkas.model.secret import Secret
from holkas.model.value import Value, ValueType
from holkas.model.workspace import WorkspaceBinding
from holkas.yaml import Source, load_documents
from holkas_compat.tekton.load import load
from holkas_compat.tekton.load.names import name_maker
from holkas_compat.tekton.load.values import typed

TASK = """
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: greet}
spec:
  params: [{name: who, default: world}, {name: list, type: array, default: []}]
  workspaces: [{name: src}, {name: cache, optional: true}]
  steps: [{name: s, image: alpine, script: echo}]
"""
PIPELINE = """
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: main}
spec:
  params: [{name: who}]
  tasks: [{name: t, taskSpec: {steps: [{image: alpine, script: echo}]}}]
"""


def loaded(*texts: str, **wish: object) -> Loaded:
    source = Source("f.yaml", "\n---\n".join(texts).encode())
    return load(load_documents(source), RunWish(seed="seed", **wish))  # type: ignore[arg-type]  # short for tests


def codes(found: Loaded, severity: Severity = Severity.ERROR) -> list[str]:
    return [finding.code for finding in found.findings if finding.severity is severity]


def only(found: Loaded) -> Finding:
    [finding] = found.findings
    return finding


def run(name: str, ref: str = "greet", more: str = "") -> str:
    return f"""
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: {{{name}}}
spec:
  taskRef: {{name: {ref}}}
  workspaces: [{{name: src, emptyDir: {{}}}}]
{more}
"""


def test_runs_come_in_the_order_of_the_file() -> None:
    found = loaded(run("name: b"), TASK, run("name: a"))
    assert [item.name for item in found.runs] == ["b", "a"]
    assert list(found.catalog.tasks) == ["greet"]
    assert found.findings == ()


def test_generated_names_end_in_five_letters_that_the_seed_decides() -> None:
    first = loaded(TASK, run("generateName: greet-"), run("generateName: greet-"))
    names = [item.name for item in first.runs]
    assert all(re.fullmatch("greet-[bcdfghjklmnpqrstvwxz2456789]{5}", name) for name in names)
    assert names[0] != names[1]
    assert [item.name for item in loaded(TASK, run("generateName: greet-")).runs] == names[:1]
    assert first.runs[0].metadata == {"generateName": "greet-"}


def test_generated_names_fit_into_63_characters() -> None:
    name = name_maker("")("x" * 80)
    assert len(name) == 63
    assert name_maker("")("a-") != name_maker("")("a-")


def test_params_of_the_wish_replace_and_add() -> None:
    text = run("name: r", more="  params: [{name: who, value: me}, {name: extra, value: a}]")
    found = loaded(TASK, text, params={"who": "you", "list": '["a", 1]', "extra": "b"})
    [item] = found.runs
    assert [(param.name, param.value) for param in item.params] == [
        ("who", "you"),
        ("extra", "b"),
        ("list", ["a", "1"]),
    ]
    assert found.findings == ()


def test_an_unknown_param_of_the_wish_is_told_with_the_nearest_name() -> None:
    finding = only(loaded(TASK, run("name: r"), params={"woh": "x"}))
    assert finding.code == "T522"
    assert finding.message == 'task "greet" has no param "woh"'
    assert finding.hint == "did you mean `who`?"


def test_a_param_that_one_of_several_runs_knows_is_known() -> None:
    other = TASK.replace("greet", "other").replace("name: who", "name: whom")
    found = loaded(TASK, other, run("name: a"), run("name: b", "other"), params={"whom": "x"})
    assert found.findings == ()
    assert [[param.name for param in item.params] for item in found.runs] == [[], ["whom"]]


def test_a_value_that_does_not_fit_its_type_is_told() -> None:
    finding = only(loaded(TASK, run("name: r"), params={"list": "[1, [2]]"}))
    assert (finding.code, finding.hint) == ("T523", "give it as JSON")


@pytest.mark.parametrize(
    ("value", "wanted", "result"),
    [
        ("a", ValueType.STRING, "a"),
        ('["a"]', ValueType.STRING, '["a"]'),
        (["a", "<"], ValueType.STRING, '["a","\\u003c"]'),
        (["a"], ValueType.OBJECT, None),
        (["a"], ValueType.ARRAY, ["a"]),
        ("a,b", ValueType.ARRAY, ["a", "b"]),
        ("", ValueType.ARRAY, []),
        ('["a", true, 1.5]', ValueType.ARRAY, ["a", "true", "1.5"]),
        ("[broken", ValueType.ARRAY, None),
        ('{"k": 1}', ValueType.OBJECT, {"k": "1"}),
        ('{"k": {}}', ValueType.OBJECT, None),
        ("k:v", ValueType.OBJECT, None),
        ("3", ValueType.OBJECT, None),
        ("[" * 100_000, ValueType.ARRAY, None),
    ],
)
def test_values_from_the_command_line(value: Value, wanted: ValueType, result: Value | None) -> None:
    assert typed(value, wanted) == result


def test_bindings_of_the_wish_replace_those_of_the_run() -> None:
    here = WorkspaceBinding(name="src", kind="hostPath", source={"path": "/x"})
    cache = WorkspaceBinding(name="cache", kind="emptyDir")
    found = loaded(TASK, run("name: r"), workspaces=(here, cache))
    assert found.runs[0].workspaces == (here, cache)
    assert found.findings == ()


def test_an_unknown_workspace_of_the_wish_is_told() -> None:
    finding = only(loaded(TASK, run("name: r"), workspaces=(WorkspaceBinding(name="srs", kind="emptyDir"),)))
    assert (finding.code, finding.hint) == ("T524", "did you mean `src`?")


def test_a_task_alone_becomes_a_run() -> None:
    found = loaded(TASK, params={"who": "you"})
    [item] = found.runs
    assert isinstance(item, TaskRun)
    assert re.fullmatch("greet-run-.{5}", item.name)
    assert item.ref is not None and item.ref.name == "greet"
    assert item.params[0].value == "you"
    assert item.workspaces == (WorkspaceBinding(name="src", kind="emptyDir"),)
    assert codes(found) == []
    assert codes(found, Severity.NOTE) == ["T525"]


def test_a_pipeline_goes_before_its_tasks() -> None:
    found = loaded(TASK, PIPELINE, params={"who": "me"})
    assert isinstance(found.runs[0], PipelineRun)
    assert found.findings == ()


def test_a_required_param_of_a_synthetic_run_must_be_given() -> None:
    finding = only(loaded(PIPELINE))
    assert (finding.code, finding.place.path) == ("T526", ("spec", "params", 0, "name"))
    assert "-p who=" in finding.hint


def test_of_several_pipelines_one_must_be_named() -> None:
    other = PIPELINE.replace("main", "other")
    finding = only(loaded(PIPELINE, other, params={"who": "x"}))
    assert finding.code == "T521"
    assert "main, other" in finding.message
    assert loaded(PIPELINE, other, params={"who": "x"}, name="other").runs[0].name.startswith("other-run-")


def test_a_pipeline_that_another_one_uses_is_not_run_by_itself() -> None:
    outer = """
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: outer}
spec: {tasks: [{name: t, pipelineRef: {name: main}, params: [{name: who, value: x}]}]}
"""
    assert loaded(PIPELINE, outer).runs[0].name.startswith("outer-run-")


def test_a_name_that_is_not_there_is_told() -> None:
    finding = only(loaded(PIPELINE, name="mian"))
    assert (finding.code, finding.hint) == ("T520", "did you mean `main`?")


def test_nothing_to_run() -> None:
    found = loaded("{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}")
    assert (found.runs, codes(found)) == ((), ["T520"])
    assert load([], RunWish()).findings == ()


def test_a_reference_to_nothing_is_told_and_the_run_ends_with_tektons_reason() -> None:
    found = loaded(TASK, run("name: r", "gret"))
    assert [item.name for item in found.runs] == ["r"]
    finding = only(found)
    assert (finding.code, finding.place.path) == ("T502", ("spec", "taskRef", "name"))
    assert (finding.severity, finding.hint) == (Severity.WARNING, "did you mean `greet`?")


def test_an_unknown_task_takes_any_param_and_workspace() -> None:
    binding = WorkspaceBinding(name="w", kind="emptyDir")
    found = loaded(run("name: r", "gret"), params={"a": "b"}, workspaces=(binding,))
    assert codes(found, Severity.WARNING) == ["T502"]
    assert found.runs[0].params[0].name == "a"
    assert binding in found.runs[0].workspaces


def test_references_are_followed_through_pipelines() -> None:
    pipeline = """
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: main}
spec: {tasks: [{name: t, taskRef: {name: missing}}]}
"""
    go = "{apiVersion: tekton.dev/v1, kind: PipelineRun, metadata: {name: r}, spec: {pipelineRef: {name: main}}}"
    finding = only(loaded(pipeline, go))
    assert (finding.place.document, finding.place.path) == (0, ("spec", "tasks", 0, "taskRef", "name"))
    used = PIPELINE.replace("main", "used")
    assert loaded(used, pipeline, go.replace("name: main", "name: used")).findings == ()


def test_a_resolver_is_refused_with_its_field() -> None:
    finding = only(
        loaded(
            run("name: r").replace("{name: greet}", "{resolver: git, params: [{name: pathInRepo, value: u}]}")
        )
    )
    assert finding.code == "T503"
    assert (
        finding.message == "spec.taskRef.resolver: TaskRunResolutionFailed: there is no resolver 'git' here"
    )


def test_custom_tasks_are_refused_and_their_documents_noted() -> None:
    text = """
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: r}
spec:
  pipelineSpec:
    tasks:
    - {name: a, taskRef: {apiVersion: x.dev/v1, kind: Wait, name: w}}
    - {name: b, taskSpec: {apiVersion: x.dev/v1, kind: Wait, spec: {}}}
"""
    found = loaded("{apiVersion: x.dev/v1, kind: Wait, metadata: {name: w}}", text)
    assert sorted(codes(found)) == ["T513", "T513"]
    assert codes(found, Severity.NOTE) == ["T527"]
    assert [finding.place.document for finding in found.findings] == [0, 1, 1]


def test_documents_that_no_run_needs_are_silently_ignored() -> None:
    role = "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: x}}"
    assert loaded(TASK, role, run("name: r")).findings == ()


def test_a_refused_document_yields_no_run() -> None:
    found = loaded(TASK, run("name: r", more="  bogus: 1"))
    assert found.runs == ()
    assert codes(found) != []


def test_a_refused_task_is_not_reported_as_missing() -> None:
    found = loaded(TASK.replace("  steps:", "  bogus: 1\n  steps:"), run("name: r"))
    assert [item.name for item in found.runs] == ["r"]
    assert "T502" not in codes(found)


def test_a_refused_pipeline_makes_no_synthetic_run() -> None:
    found = loaded(PIPELINE.replace("spec:", "spec:\n  bogus: 1", 1))
    assert found.runs == ()
    assert codes(found) != []


def test_of_two_runs_with_one_name_only_the_first_is_created() -> None:
    found = loaded(TASK, run("name: r"), run("name: r"))
    assert [item.name for item in found.runs] == ["r"]
    assert codes(found) == ["T501"]


def test_the_catalog_holds_what_runs_can_use() -> None:
    catalog = loaded(
        TASK,
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {a: b, e: null}, binaryData: {x: aGk=}}",
        "{apiVersion: v1, kind: Secret, metadata: {name: s, annotations: {tekton.dev/git-0: u}}, "
        "type: kubernetes.io/basic-auth, data: {a: aGk=, b: bm8=}, stringData: {b: 'yes'}}",
        "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: p}, spec: {}}",
        "{apiVersion: v1, kind: ServiceAccount, metadata: {name: bot}, secrets: [{name: s}]}",
        "{apiVersion: tekton.dev/v1beta1, kind: StepAction, metadata: {name: act}, spec: {image: a, script: b}}",
        PIPELINE,
    ).catalog
    assert catalog.config_maps == {"c": {"a": b"b", "e": b"", "x": b"hi"}}
    secret = catalog.secrets["s"]
    assert secret.data == {"a": Secret("hi"), "b": Secret("yes")}
    assert (secret.type, secret.annotations) == ("kubernetes.io/basic-auth", {"tekton.dev/git-0": "u"})
    assert "hi" not in repr(secret)
    assert list(catalog.claims) == ["p"]
    assert catalog.service_accounts == {"bot": ("s",)}
    assert list(catalog.step_actions) == ["act"]
    assert list(catalog.pipelines) == ["main"]


def test_data_that_cannot_be_read_is_told_without_showing_it() -> None:
    found = loaded(
        TASK,
        "{apiVersion: v1, kind: Secret, metadata: {name: s}, data: {a: 'hunter2!', b: 5}, stringData: []}",
        run("name: r"),
    )
    assert codes(found) == ["T514", "T514", "T514"]
    assert found.catalog.secrets == {}
    assert "hunter2" not in " ".join(finding.message + finding.hint for finding in found.findings)
