"""Mistakes that show only when documents are looked at together."""

from __future__ import annotations

import pytest
from holkas.model.finding import Finding, Severity
from holkas.yaml import Source, load_documents
from holkas_compat.tekton.importer import TektonImporter

BUILD = """
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec:
  params:
  - {name: url}
  - {name: flags, type: array, default: []}
  - {name: where, type: object, properties: {host: {}, port: {}}, default: {host: h, port: "1"}}
  results: [{name: digest}, {name: files, type: array}]
  workspaces: [{name: src}, {name: cache, optional: true}]
  steps: [{name: s, image: alpine:3, script: echo}]
"""
WS = "workspaces: [{name: src, workspace: w}]"


def pipeline(tasks: str, more: str = "", version: str = "v1") -> str:
    return f"""
apiVersion: tekton.dev/{version}
kind: Pipeline
metadata: {{name: main}}
spec:
  params: [{{name: one}}, {{name: many, type: array, default: []}}]
  workspaces: [{{name: w}}, {{name: maybe, optional: true}}]
{more}
  tasks:
{tasks}
"""


def task(more: str = "", name: str = "b", params: str = "{name: url, value: u}", spaces: str = WS) -> str:
    return f"  - {{name: {name}, taskRef: {{name: build}}, params: [{params}], {spaces}{more}}}\n"


def lint(*texts: str, level: str = "beta") -> list[Finding]:
    source = Source("f.yaml", "\n---\n".join(texts).encode())
    """What is wrong with the documents together; what rules say beyond that (T6xx to T8xx) is tested by itself."""
    found = TektonImporter().lint(load_documents(source), level=level)
    return [finding for finding in found if finding.code < "T6"]


def only(*texts: str) -> Finding:
    [finding] = lint(*texts)
    return finding


def test_documents_that_fit_have_no_findings() -> None:
    text = pipeline(task() + task(name="c", params="{name: url, value: $(tasks.b.results.digest)}"))
    assert lint(BUILD, text) == []


def test_an_undeclared_result_is_pointed_at_with_the_nearest_name() -> None:
    finding = only(
        BUILD, pipeline(task() + task(name="deploy", params="{name: url, value: x-$(tasks.b.results.digst)}"))
    )
    assert finding.code == "T507"
    assert finding.severity is Severity.ERROR
    assert finding.message == 'task "deploy" uses result "digst" that task "b" does not declare'
    assert finding.hint == "did you mean `digest`?"
    assert finding.place.source == "f.yaml"
    assert (finding.place.document, finding.place.within) == (1, "$(tasks.b.results.digst)")
    assert finding.place.path == ("spec", "tasks", 1, "params", 0, "value")
    assert finding.fields == ("spec.tasks[1].params[0].value",)


@pytest.mark.parametrize(
    ("use", "path"),
    [
        (", when: [{input: '$(tasks.b.results.no)', operator: in, values: [a]}]", ("when", 0, "input")),
        (", when: [{input: a, operator: in, values: ['$(tasks.b.results.no)']}]", ("when", 0, "values", 0)),
        (
            ", matrix: {params: [{name: flags, value: ['$(tasks.b.results.no)']}]}",
            ("matrix", "params", 0, "value", 0),
        ),
        (", displayName: 'x $(tasks.b.results.no)'", ("displayName",)),
    ],
)
def test_results_are_looked_for_wherever_they_count(use: str, path: tuple[str | int, ...]) -> None:
    found = lint(BUILD, pipeline(task() + task(use, name="c")))
    [finding] = [finding for finding in found if finding.code == "T507"]
    assert finding.place.path == ("spec", "tasks", 1, *path)


def test_results_in_objects_matrix_includes_and_sub_paths() -> None:
    params = "{name: url, value: u}, {name: where, value: {host: '$(tasks.b.results.no)', port: a}}"
    spaces = "workspaces: [{name: src, workspace: w, subPath: '$(tasks.b.results.no)'}]"
    include = ", matrix: {include: [{name: i, params: [{name: x, value: '$(tasks.b.results.no)'}]}]}"
    found = lint(BUILD, pipeline(task() + task(include, name="c", params=params, spaces=spaces)))
    paths = [finding.place.path[3:] for finding in found if finding.code == "T507"]
    assert paths == [
        ("params", 1, "value", "host"),
        ("matrix", "include", 0, "params", 0, "value"),
        ("workspaces", 0, "subPath"),
    ]


def test_a_result_of_the_pipeline_must_be_one_of_a_task() -> None:
    more = "  results: [{name: out, value: '$(tasks.b.results.nothing)'}]"
    finding = only(BUILD, pipeline(task(), more))
    assert finding.message == 'pipeline result "out" uses result "nothing" that task "b" does not declare'
    assert finding.hint == "it declares digest, files"


def test_a_task_without_results_says_so() -> None:
    tasks = (
        "  - {name: b, taskSpec: {steps: [{image: 'a:1', script: e}]}}\n"
        "  - {name: c, params: [{name: x, value: $(tasks.b.results.r)}], taskSpec: {params: [{name: x}], "
        "steps: [{image: 'a:1', script: e}]}}\n"
    )
    assert only(pipeline(tasks)).hint == "it declares no results"


def test_a_required_param_must_be_passed() -> None:
    finding = only(BUILD, pipeline(task(params="")))
    assert (finding.code, finding.severity) == ("T504", Severity.ERROR)
    assert finding.message == 'task "b" does not pass param "url", which task "build" requires'
    assert finding.place.path == ("spec", "tasks", 0, "taskRef", "name")


def test_a_misspelt_param_is_both_missing_and_undeclared() -> None:
    missing, extra = lint(BUILD, pipeline(task(params="{name: ulr, value: u}")))
    assert (missing.code, missing.hint) == ("T504", "`ulr` is given: is `url` meant?")
    assert (extra.code, extra.severity, extra.hint) == ("T506", Severity.WARNING, "did you mean `url`?")
    assert extra.place.path == ("spec", "tasks", 0, "params", 0, "name")


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ("{name: url, value: [a]}", "passes an array for param"),
        ("{name: url, value: u}, {name: flags, value: a}", "passes a string for param"),
        ("{name: url, value: u}, {name: flags, value: {k: v}}", "passes an object for param"),
        ("{name: url, value: '$(params.many[*])'}", "passes an array for param"),
        (
            "{name: url, value: u}, {name: flags, value: '$(tasks.first.results.digest[*])'}",
            "passes a string",
        ),
        ("{name: url, value: u}, {name: flags, value: '$(params.one)'}", "passes a string for param"),
    ],
)
def test_types_must_match(params: str, said: str) -> None:
    finding = only(BUILD, pipeline(task(name="first") + task(params=params)))
    assert finding.code == "T505"
    assert said in finding.message


@pytest.mark.parametrize(
    "params",
    [
        "{name: url, value: '$(params.many[0])'}",
        "{name: url, value: u}, {name: flags, value: '$(params.many[*])'}",
        "{name: url, value: u}, {name: flags, value: '$(tasks.first.results.files[*])'}",
        "{name: url, value: u}, {name: flags, value: '$(tasks.first.results.files)'}",
        "{name: url, value: u}, {name: where, value: {host: x}}",
    ],
)
def test_types_that_match_through_variables(params: str) -> None:
    assert lint(BUILD, pipeline(task(name="first") + task(params=params))) == []


def test_objects_need_all_their_keys() -> None:
    without = BUILD.replace(', default: {host: h, port: "1"}', "")
    finding = only(without, pipeline(task(params="{name: url, value: u}, {name: where, value: {host: x}}")))
    assert finding.code == "T511"
    assert finding.message.endswith("port")


def test_a_matrix_gives_one_string_to_each_run() -> None:
    fan = ", matrix: {params: [{name: url, value: [a, b]}]}"
    assert lint(BUILD, pipeline(task(fan, params=""))) == []
    finding = only(BUILD, pipeline(task(fan.replace("url", "flags"))))
    assert (finding.code, finding.place.path[-4:]) == ("T505", ("matrix", "params", 0, "name"))
    extra = only(BUILD, pipeline(task(fan.replace("url", "other"))))
    assert extra.code == "T506"


def test_results_of_a_matrix_may_be_arrays() -> None:
    fan = ", matrix: {params: [{name: url, value: [a, b]}]}"
    use = task(name="c", params="{name: url, value: u}, {name: flags, value: '$(tasks.b.results.digest[*])'}")
    assert lint(BUILD, pipeline(task(fan, params="") + use)) == []


def test_workspaces_must_be_declared_and_given() -> None:
    found = lint(BUILD, pipeline(task(spaces="workspaces: [{name: scr, workspace: w}]")))
    assert [(finding.code, finding.hint) for finding in found] == [
        ("T508", "did you mean `src`?"),
        ("T509", ""),
    ]


def test_an_optional_workspace_is_not_enough_for_a_task_that_requires_it() -> None:
    finding = only(BUILD, pipeline(task(spaces="workspaces: [{name: src, workspace: maybe}]")))
    assert finding.code == "T510"
    assert (
        lint(
            BUILD,
            pipeline(task(spaces="workspaces: [{name: src, workspace: w}, {name: cache, workspace: maybe}]")),
        )
        == []
    )


def test_a_missing_task_is_a_habit_alone_a_warning_in_a_library_and_an_error_beside_a_run() -> None:
    tasks = "  - {name: b, taskRef: {name: biuld}}\n"
    alone = only(pipeline(tasks))
    assert (alone.code, alone.severity) == ("T502", Severity.HABIT)
    warning = only(BUILD, pipeline(tasks))
    assert (warning.code, warning.severity, warning.hint) == (
        "T502",
        Severity.WARNING,
        "did you mean `build`?",
    )
    go = RUN.replace("SPEC", "{pipelineRef: {name: main}, params: [{name: one, value: a}], " + BOUND + "}")
    assert only(BUILD, pipeline(tasks), go).severity is Severity.ERROR
    assert only(pipeline(tasks), go).severity is Severity.WARNING


BOUND = "workspaces: [{name: w, emptyDir: {}}]"
RUN = "{apiVersion: tekton.dev/v1, kind: PipelineRun, metadata: {name: go}, spec: SPEC}"


def test_a_run_must_fit_its_pipeline() -> None:
    spec = "{pipelineRef: {name: main}, params: [{name: many, value: a}], taskRunSpecs: [{pipelineTaskName: bb}]}"
    found = lint(BUILD, pipeline(task()), RUN.replace("SPEC", spec))
    assert [finding.code for finding in found] == ["T504", "T505", "T509", "T512"]
    assert {finding.severity for finding in found} == {Severity.ERROR}
    assert found[0].place.path == ("spec", "pipelineRef", "name")
    assert found[3].hint == "did you mean `b`?"


def test_settings_for_tasks_of_an_unknown_pipeline_are_let_alone() -> None:
    spec = "{pipelineRef: {name: elsewhere}, taskRunSpecs: [{pipelineTaskName: t}]}"
    assert [finding.code for finding in lint(BUILD, RUN.replace("SPEC", spec))] == ["T502"]


def test_what_stands_in_one_document_is_only_warned_about() -> None:
    """Tekton's admission sees all of it and accepts it; holkas refuses nothing that Tekton accepts."""
    spec = (
        "{taskRunSpecs: [{pipelineTaskName: nope}], pipelineSpec: {params: [{name: p}], workspaces: [{name: w}], "
        "tasks: [{name: t, taskSpec: {params: [{name: q}], steps: [{image: 'a:1', script: e}]}}]}}"
    )
    found = lint(RUN.replace("SPEC", spec))
    assert [finding.code for finding in found] == ["T504", "T504", "T509", "T512"]
    assert {finding.severity for finding in found} == {Severity.WARNING}


def test_a_task_run_must_fit_its_task() -> None:
    text = (
        "{apiVersion: tekton.dev/v1, kind: TaskRun, metadata: {name: r}, spec: {taskRef: {name: build}, "
        "workspaces: [{name: scr, emptyDir: {}}]}}"
    )
    found = lint(BUILD, text)
    assert [finding.code for finding in found] == ["T504", "T509", "T508"]
    embedded = (
        "{apiVersion: tekton.dev/v1, kind: TaskRun, metadata: {name: r}, spec: {taskSpec: {params: [{name: p}], "
        "steps: [{image: 'a:1', script: e}]}}}"
    )
    assert only(embedded).place.path == ("spec",)


def test_pipelines_in_pipelines_are_looked_into() -> None:
    inner = "taskRef: {name: build}, params: [], workspaces: [{name: src, workspace: w}]"
    nested = (
        f"  - {{name: sub, pipelineSpec: {{workspaces: [{{name: w}}], tasks: [{{name: i, {inner}}}]}}}}\n"
    )
    found = [finding for finding in lint(BUILD, pipeline(nested), level="alpha") if finding.code == "T504"]
    assert [finding.place.path for finding in found] == [
        ("spec", "tasks", 0, "pipelineSpec", "tasks", 0, "taskRef", "name")
    ]
    by_ref = "  - {name: sub, pipelineRef: {name: other}}\n"
    other = pipeline("  - {name: b, taskSpec: {steps: [{image: 'a:1', script: e}]}}\n").replace(
        "main", "other"
    )
    found = lint(other, pipeline(by_ref), level="alpha")
    assert [finding.code for finding in found if finding.place.document == 1] == ["T504", "T509"]


def test_step_actions_get_what_they_declare() -> None:
    action = (
        "{apiVersion: tekton.dev/v1beta1, kind: StepAction, metadata: {name: act}, "
        "spec: {image: 'a:1', script: e, params: [{name: p}]}}"
    )
    tasks = "  - {name: b, taskSpec: {steps: [{ref: {name: act}, params: [{name: q, value: v}]}, {ref: {name: atc}}]}}\n"
    found = lint(action, pipeline(tasks))
    assert [(finding.code, finding.severity) for finding in found] == [
        ("T502", Severity.WARNING),
        ("T504", Severity.ERROR),
        ("T506", Severity.ERROR),
    ]
    assert found[1].message.startswith("step 1 ")
    alone = BUILD.replace("{name: s, image: alpine:3, script: echo}", "{name: s, ref: {name: act}}")
    assert only(action, alone).message.startswith('step "s" ')
    go = (
        "{apiVersion: tekton.dev/v1, kind: TaskRun, metadata: {name: r}, "
        "spec: {taskSpec: {steps: [{ref: {name: act}}]}}}"
    )
    assert only(action, go).code == "T504"


def test_two_documents_of_one_name() -> None:
    finding = only(BUILD, BUILD)
    assert (finding.code, finding.place.document) == ("T501", 1)
    assert "f.yaml, document 1" in finding.message
    other = BUILD.replace("{name: build}", "{name: build, namespace: ci}")
    assert lint(BUILD, other) == []


def test_names_with_variables_resolvers_and_custom_tasks_are_not_looked_up() -> None:
    refs = ["{resolver: git, params: [{name: url, value: u}]}", "{apiVersion: x.dev/v1, kind: Wait, name: w}"]
    for ref in refs:
        assert lint(BUILD, pipeline(f"  - {{name: b, taskRef: {ref}}}\n")) == []


def test_a_document_with_errors_is_not_blamed_on_others() -> None:
    bad = BUILD.replace("  steps:", "  bogus: 1\n  steps:")
    found = lint(bad, pipeline(task(params="")))
    assert [finding.place.document for finding in found] == [0]


def test_findings_of_older_versions_point_into_what_was_written() -> None:
    text = pipeline(task(params=""), version="v1beta1")
    finding = only(BUILD.replace("tekton.dev/v1", "tekton.dev/v1beta1"), text)
    assert finding.place.path == ("spec", "tasks", 0, "taskRef", "name")
    run = (
        "{apiVersion: tekton.dev/v1beta1, kind: PipelineRun, metadata: {name: r}, spec: {pipelineRef: {name: main}, "
        "taskRunSpecs: [{pipelineTaskName: nope, taskServiceAccountName: bot}], params: [{name: one, value: a}], "
        + BOUND
        + "}}"
    )
    assert only(BUILD, pipeline(task()), run).place.path == ("spec", "taskRunSpecs", 0, "pipelineTaskName")


def test_secrets_and_config_maps_are_checked() -> None:
    finding = only("{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {a: 1}}")
    assert (finding.code, finding.place.path, finding.hint) == ("T514", ("data", "a"), "quote it")
    assert lint("{apiVersion: v1, kind: ServiceAccount, metadata: {name: a}}") == []
