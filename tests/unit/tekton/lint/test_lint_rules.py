"""Corners of the rules that their examples do not show."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from holkas.model.edit import Edit
from holkas.model.finding import Finding, Severity
from holkas.yaml import Source, load_documents

from tests.unit.tekton.lint.documents import embedded, found, lint, made, pipeline, task


def fields(findings: list[Finding]) -> list[str]:
    return [field for finding in findings for field in finding.fields]


def run(spec: dict[str, Any], **more: Any) -> dict[str, Any]:
    return made("PipelineRun", {"pipelineSpec": spec, **more})


class TestParams:
    @pytest.mark.parametrize(
        "text",
        [
            "$(params.a)",
            "$(params.a[*])",
            "$(params.a[0])",
            '$(params["a"])',
            "$(params['a'])",
            "x $(inputs.params.a) y",
        ],
    )
    def test_every_notation_counts_as_use(self, text: str) -> None:
        assert found("T601", task({"args": [text]}, params=[{"name": "a"}])) == []

    def test_keys_of_objects_and_names_with_dots_count(self) -> None:
        assert found("T601", task({"args": ["$(params.a.url)"]}, params=[{"name": "a"}])) == []
        assert found("T601", task({"args": ['$(params["a.b"])']}, params=[{"name": "a.b"}])) == []

    def test_anywhere_but_in_a_description(self) -> None:
        used = {"volumes": [{"name": "v", "configMap": {"name": "$(params.a)"}}]}
        assert found("T601", task({"args": ["x"]}, params=[{"name": "a"}], **used)) == []
        told = {"description": "takes $(params.a)"}
        assert len(found("T601", task({"args": ["x"]}, params=[{"name": "a"}], **told))) == 1

    def test_embedded_specs_use_the_params_around_them(self) -> None:
        node = {"name": "t", **embedded({"args": ["$(params.a)"]})}
        assert found("T601", pipeline(node, params=[{"name": "a"}])) == []
        nested = {"name": "n", "pipelineSpec": {"tasks": [node]}}
        assert found("T601", pipeline(nested, params=[{"name": "a"}])) == []

    def test_params_of_a_run_that_go_nowhere(self) -> None:
        spec = {
            "params": [{"name": "b"}],
            "tasks": [{"name": "t", **embedded({"args": ["$(params.a) $(params.b)"]})}],
        }
        given = [{"name": name, "value": "x"} for name in "abc"]
        assert fields(found("T601", run(spec, params=given))) == ["spec.params[2].name"]
        single = made("TaskRun", {"params": given, **embedded({"args": ["$(params.a)"]})})
        assert fields(found("T601", single)) == ["spec.params[1].name", "spec.params[2].name"]
        assert found("T601", made("TaskRun", {"params": given, "taskRef": {"name": "t"}})) == []

    def test_step_actions(self) -> None:
        spec = {"image": "a@sha256:1", "params": [{"name": "a"}, {"name": "b"}], "args": ["$(params.a)"]}
        assert fields(found("T601", made("StepAction", spec, version="v1beta1"))) == ["spec.params[1].name"]


class TestResults:
    @pytest.mark.parametrize(
        "name", ["IMAGE_URL", "app-IMAGE_DIGEST", "out_ARTIFACT_OUTPUTS", "CHAINS-GIT_COMMIT"]
    )
    def test_what_chains_reads_is_read(self, name: str) -> None:
        node = {"name": "t", **embedded({"args": [f"$(results.{name}.path)"]}, results=[{"name": name}])}
        assert found("T602", pipeline(node)) == []

    def test_results_of_steps_are_read_within_the_task(self) -> None:
        steps = [
            {"name": "a", "args": ["x"], "results": [{"name": "one"}, {"name": "two"}]},
            {"name": "b", "args": ["$(steps.a.results.one)"]},
        ]
        assert fields(found("T602", task(*steps))) == ["spec.steps[0].results[1].name"]

    def test_finally_and_results_of_the_pipeline_read_too(self) -> None:
        node = {"name": "t", **embedded({"args": ["$(results.r.path)"]}, results=[{"name": "r"}])}
        use = {
            "name": "z",
            "taskRef": {"name": "x"},
            "params": [{"name": "p", "value": "$(tasks.t.results.r[*])"}],
        }
        assert found("T602", pipeline(node, **{"finally": [use]})) == []

    def test_a_task_that_nobody_uses_here_is_let_alone(self) -> None:
        shared = task({"args": ["$(results.r.path)"]}, name="t", results=[{"name": "r"}])
        assert found("T809", shared) == []
        assert found("T809", shared, pipeline({"name": "x", "taskRef": {"name": "other"}})) == []

    @pytest.mark.parametrize(
        "step",
        [
            {"args": ["$(results.r.path)"]},
            {"script": "x > /tekton/results/r"},
            {"env": [{"name": "OUT", "value": "$(results.r.path)"}], "script": "x"},
            {"ref": {"name": "action"}, "image": None},
            {},
        ],
    )
    def test_steps_that_may_write_a_result(self, step: dict[str, Any]) -> None:
        made_ = task(step, results=[{"name": "r"}])
        made_["spec"]["steps"][0] = {key: value for key, value in made_["spec"]["steps"][0].items() if value}
        assert found("T616", made_) == []

    def test_a_result_with_a_value_needs_no_writer(self) -> None:
        steps = [{"name": "a", "args": ["x"], "results": [{"name": "r"}]}]
        results = [{"name": "r", "value": "$(steps.a.results.r)"}]
        assert found("T616", task(*steps, results=results)) == []


INNER = {"name": "i", "taskRef": {"name": "x"}, "workspaces": [{"name": "w"}]}


class TestWorkspaces:
    @pytest.mark.parametrize(
        ("step", "space", "count"),
        [
            ({"args": ["x"]}, {}, 1),
            ({"args": ["$(workspaces.w.path)"]}, {}, 0),
            ({"script": "cat /workspace/w/x"}, {}, 0),
            ({"script": "cat ./w/x"}, {}, 0),
            ({"args": ["x"], "workspaces": [{"name": "w"}]}, {}, 0),
            ({"args": ["x"]}, {"mountPath": "/root/.docker"}, 0),
        ],
    )
    def test_of_a_task(self, step: dict[str, Any], space: dict[str, Any], count: int) -> None:
        assert len(found("T603", task(step, workspaces=[{"name": "w", **space}]))) == count

    def test_a_step_action_may_use_any(self) -> None:
        made_ = task(workspaces=[{"name": "w"}])
        made_["spec"]["steps"] = [{"ref": {"name": "a"}}]
        assert found("T603", made_) == []

    @pytest.mark.parametrize(
        ("more", "count"),
        [
            ({"taskRef": {"name": "x"}}, 1),
            ({"taskRef": {"name": "x"}, "workspaces": [{"name": "any", "workspace": "w"}]}, 0),
            ({"taskRef": {"name": "x"}, "workspaces": [{"name": "w"}]}, 0),
            (embedded({"args": ["$(workspaces.w.path)"]}), 0),
            (embedded({"args": ["/workspace/w"]}, workspaces=[{"name": "w"}]), 0),
            ({"pipelineSpec": {"workspaces": [{"name": "w"}], "tasks": [INNER]}}, 0),
        ],
    )
    def test_of_a_pipeline(self, more: dict[str, Any], count: int) -> None:
        assert len(found("T603", pipeline({"name": "t", **more}, workspaces=[{"name": "w"}]))) == count


class TestImages:
    @pytest.mark.parametrize(
        ("image", "code"),
        [
            ("alpine", "T608"),
            ("alpine:latest", "T608"),
            ("localhost:5000/alpine", "T608"),
            ("alpine:3.20", "T801"),
            ("alpine@sha256:1", ""),
            ("$(params.image)", ""),
            ("alpine:$(params.tag)", ""),
            ("$(params.registry)/alpine", "T608"),
        ],
    )
    def test_one_of_two_at_most(self, image: str, code: str) -> None:
        made_ = task({"image": image}, params=[{"name": name} for name in ("image", "tag", "registry")])
        codes = {finding.code for finding in lint(made_)} & {"T608", "T801"}
        assert codes == ({code} if code else set())

    def test_sidecars_and_templates_count_and_a_digest_is_asked_for_once(self) -> None:
        made_ = task(
            {"image": "a:1"}, {"image": "a:1"}, stepTemplate={"image": "b"}, sidecars=[{"image": "c"}]
        )
        assert fields(found("T608", made_)) == ["spec.stepTemplate.image", "spec.sidecars[0].image"]
        assert fields(found("T801", made_)) == ["spec.steps[0].image"]


class TestVolumes:
    def test_a_run_s_pod_template_has_volumes_too(self) -> None:
        spec = embedded({"args": ["x"], "volumeMounts": [{"name": "v", "mountPath": "/v"}]})
        template = {"volumes": [{"name": "v", "emptyDir": {}}]}
        assert len(found("T610", made("TaskRun", spec))) == 1
        assert found("T610", made("TaskRun", {**spec, "podTemplate": template})) == []
        inside = {"tasks": [{"name": "t", **spec}]}
        assert found("T610", run(inside, taskRunTemplate={"podTemplate": template})) == []
        assert (
            found("T610", run(inside, taskRunSpecs=[{"pipelineTaskName": "t", "podTemplate": template}]))
            == []
        )

    def test_volumes_that_a_variable_may_name_or_a_step_action_mount(self) -> None:
        volumes = {"volumes": [{"name": "v", "emptyDir": {}}], "params": [{"name": "p"}]}
        assert len(found("T611", task({"args": ["x"]}, **volumes))) == 1
        mount = {"volumeMounts": [{"name": "$(params.p)", "mountPath": "/v"}]}
        assert found("T611", task({"args": ["x"], **mount}, **volumes)) == []
        made_ = task(**volumes)
        made_["spec"]["steps"] = [{"ref": {"name": "a"}}]
        assert found("T611", made_) == []


class TestVariables:
    @pytest.mark.parametrize(
        ("text", "hint"),
        [
            ("$(param.a)", "$(params.a)"),
            ("$(inputs.a)", "$(params.a)"),
            ("$(outputs.results.r)", "$(results.r.path)"),
            ("$(result.r.path)", "$(results.r.path)"),
            ("$(result.r)", "$(results.r.path)"),
            ("$(workspace.w.path)", "$(workspaces.w.path)"),
            ("$(taskRun.name)", "$(context.taskRun.name)"),
            ("${params.a}", "$(params.a)"),
            ("${{ params.a }}", "$(params.a)"),
            ("{{ params.a }}", "$(params.a)"),
            ("$(results.r)", "$(results.r.path)"),
            ("$(workspaces.w)", "$(workspaces.w.path)"),
        ],
    )
    def test_what_is_meant_is_said(self, text: str, hint: str) -> None:
        made_ = task(
            {"name": "one", "script": f"x {text} y"}, results=[{"name": "r"}], workspaces=[{"name": "w"}]
        )
        [finding] = found("T617", made_)
        assert finding.hint == f"did you mean {hint}?"
        assert finding.place.within == text

    @pytest.mark.parametrize(
        "text",
        [
            "$(date)",
            "${HOME}",
            "$(hostname -f)",
            "$(steps.one.exitCode.path)",
            "{{ .Values.x }}",
            "$(input)",
        ],
    )
    def test_what_belongs_to_others_is_let_alone(self, text: str) -> None:
        assert found("T617", task({"name": "one", "script": text})) == []


class TestOldForms:
    def test_the_old_notation_is_rewritten_everywhere_in_the_text(self) -> None:
        old = '$(inputs.params.a) $(inputs.params.b[*]) $(inputs.params["c.d"])'
        made_ = task({"script": old}, params=[{"name": "a"}, {"name": "b"}, {"name": "c.d"}])
        [finding] = found("T704", made_)
        path = ("spec", "steps", 0, "script")
        assert finding.fix == (Edit.replace(path, '$(params.a) $(params.b[*]) $(params["c.d"])'),)

    def test_who_uses_a_deprecated_task_is_told(self) -> None:
        old = task({"args": ["x"]}, name="old")
        old["metadata"]["annotations"] = {"tekton.dev/deprecated": "true"}
        findings = found("T702", old, pipeline({"name": "t", "taskRef": {"name": "old"}}))
        assert fields(findings) == [
            "metadata.annotations.tekton.dev/deprecated",
            "spec.tasks[0].taskRef.name",
        ]

    def test_what_v1_cannot_say_is_not_fixed(self) -> None:
        spec = {"steps": [{"image": "a@sha256:1", "tty": True}]}
        [finding] = found("T701", made("Task", spec, version="v1beta1"))
        assert (finding.fix, finding.hint) == ((), "holkas convert --to tekton/v1")
        managed = {"managedBy": "x.example.com/y", "pipelineRef": {"name": "p"}}
        assert found("T701", made("PipelineRun", managed, version="v1beta1"))[0].fix == ()

    def test_old_fields_are_named_with_what_takes_their_place(self) -> None:
        spec = {"pipelineRef": {"name": "p"}, "timeout": "1h"}
        [finding] = found("T703", made("PipelineRun", spec, version="v1beta1"))
        assert (finding.message, finding.hint) == ("timeout is deprecated", "write timeouts: {pipeline: …}")
        step = {"image": "a@sha256:1", "stdin": False, "ports": []}
        assert found("T703", made("Task", {"steps": [step]}, version="v1beta1")) == []


class TestPlaces:
    def test_a_script_that_begins_late_is_mended(self) -> None:
        [finding] = found("T614", task({"script": "\n\n  #!/bin/sh\nls\n"}))
        assert finding.fix == (Edit.replace(("spec", "steps", 0, "script"), "#!/bin/sh\nls\n"),)
        assert found("T804", task({"script": "\n#!/bin/sh\nls\n"})) == []

    def test_a_finding_in_yaml_is_pointed_at(self) -> None:
        text = "{apiVersion: tekton.dev/v1, kind: Task, metadata: {name: t}, spec: {steps: [{image: a, args: [x]}]}}"
        source = Source("f.yaml", text.encode())
        from holkas_compat.tekton.importer import TektonImporter

        [finding] = TektonImporter().lint(load_documents(source))
        assert (finding.code, finding.place.path) == ("T608", ("spec", "steps", 0, "image"))

    def test_documents_that_cannot_be_decoded_are_left_to_decoding(self) -> None:
        broken = task({"args": "no list", "image": "a"})
        assert {finding.severity for finding in lint(broken)} == {Severity.ERROR}

    def test_documents_with_other_errors_are_judged_all_the_same(self) -> None:
        wrong = task({"name": "A_B", "image": "a", "args": ["x"]})
        assert {finding.code for finding in lint(wrong)} == {"T206", "T608"}

    def test_custom_tasks_are_not_tekton_s(self) -> None:
        custom = {
            "name": "c",
            "taskSpec": {"apiVersion": "a.example/v1", "kind": "K", "spec": {"x": "$(params.a)"}},
        }
        assert found("T601", pipeline(custom, params=[{"name": "a"}])) == []
        ref = {"name": "c", "taskRef": {"apiVersion": "a.example/v1", "kind": "K", "name": "t"}}
        shared = task({"args": ["$(results.r.path)"]}, name="t", results=[{"name": "r"}])
        assert found("T809", shared, pipeline(ref)) == []


class TestParamValues:
    @pytest.mark.parametrize(
        ("value", "code"),
        [
            (1, "T810"),
            (1.5, "T810"),
            (True, "T810"),
            ("1", ""),
            (["a", 1], "T620"),
            ([["a"]], "T620"),
            (["a"], ""),
        ],
    )
    def test_in_every_list_of_params(self, value: Any, code: str) -> None:
        given = [{"name": "p", "value": value}]
        node = {"name": "t", "taskRef": {"name": "x"}}
        documents = [
            made("TaskRun", {"taskRef": {"name": "x"}, "params": given}),
            pipeline({**node, "params": given}),
            task({"ref": {"name": "a"}, "params": given, "image": ""}),
        ]
        if code != "T620":
            documents.append(pipeline({**node, "matrix": {"include": [{"params": given}]}}))
        for document in documents:
            assert {finding.code for finding in lint(document)} & {"T620", "T810"} == (
                {code} if code else set()
            )

    def test_lists_are_what_a_matrix_wants(self) -> None:
        node = {
            "name": "t",
            "taskRef": {"name": "x"},
            "matrix": {"params": [{"name": "m", "value": ["a", "b"]}]},
        }
        assert found("T620", pipeline(node)) == []


class TestOrder:
    GUARD: ClassVar[Any] = {"when": [{"input": "$(params.x)", "operator": "in", "values": ["a"]}]}
    TASK: ClassVar[Any] = {"taskRef": {"name": "x"}}

    def use(self, name: str, of: str, **more: Any) -> dict[str, Any]:
        params = [{"name": "p", "value": f"$(tasks.{of}.results.r)"}]
        return {"name": name, **self.TASK, "params": params, **more}

    def skipped(self, of: str, *tasks: dict[str, Any]) -> list[Finding]:
        final = {"finally": [self.use("z", of)]}
        return found("T612", pipeline(*tasks, params=[{"name": "x"}], **final))

    def test_who_uses_results_of_a_skipped_task_is_skipped_and_all_that_comes_after(self) -> None:
        tasks = [
            {"name": "a", **self.TASK, **self.GUARD},
            self.use("b", "a"),
            {"name": "c", **self.TASK, "runAfter": ["b"]},
            {"name": "d", **self.TASK, "runAfter": ["a"]},
        ]
        assert len(self.skipped("a", *tasks)) == 1
        [finding] = self.skipped("b", *tasks)
        assert '(with "a")' in finding.message
        assert len(self.skipped("c", *tasks)) == 1
        assert self.skipped("d", *tasks) == []

    def test_each_task_is_told_once_and_a_status_is_always_there(self) -> None:
        final = self.use("z", "a")
        final["params"].append({"name": "q", "value": "$(tasks.a.results.s) $(tasks.a.status)"})
        made_ = pipeline(
            {"name": "a", **self.TASK, **self.GUARD}, params=[{"name": "x"}], **{"finally": [final]}
        )
        assert len(found("T612", made_)) == 1
        final["params"] = [{"name": "q", "value": "$(tasks.a.status)"}]
        assert found("T612", made_) == []

    def test_without_conditions_nothing_is_skipped(self) -> None:
        assert self.skipped("a", {"name": "a", **self.TASK}) == []

    def test_a_name_twice_in_run_after_is_once_too_often(self) -> None:
        tasks = [{"name": name, **self.TASK} for name in "ab"]
        [finding] = found("T803", pipeline(*tasks, {"name": "c", **self.TASK, "runAfter": ["a", "b", "a"]}))
        assert finding.message == 'task "c" names "a" twice in runAfter'
        assert finding.fix == (Edit.remove(("spec", "tasks", 2, "runAfter", 2)),)

    def test_a_list_of_one_goes_as_a_whole(self) -> None:
        [finding] = found("T803", pipeline({"name": "a", **self.TASK}, self.use("b", "a", runAfter=["a"])))
        assert finding.fix == (Edit.remove(("spec", "tasks", 1, "runAfter")),)


def test_folders_of_the_node_are_told_by_their_volume() -> None:
    volumes = [{"name": "v", "hostPath": {"path": "/"}}, {"name": "w", "emptyDir": {}}]
    assert fields(found("T619", task({"args": ["x"]}, volumes=volumes))) == ["spec.volumes[0].hostPath"]
