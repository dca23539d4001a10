"""From documents to verdicts: which fields are there, what is said of them, and how it is shown."""

from __future__ import annotations

import json

import pytest
from holkas.cli.render.fidelity import emit_fidelity, gathered, path_text
from holkas.model.fidelity import Fidelity, FieldUse, Treatment, fidelity_of, verdicts
from holkas.yaml import Source, load_documents
from holkas_builtin.executors.fidelity.container import CONTAINER
from holkas_builtin.executors.fidelity.on_this_machine import PROCESS
from holkas_compat.tekton.importer import TektonImporter

TEXT = """
apiVersion: tekton.dev/v1beta1
kind: TaskRun
metadata: {generateName: run-, labels: {steps: a, image: b}}
spec:
  podTemplate:
    affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: []}}}
  taskSpec:
    steps:
      - {name: one, image: a, resources: {limits: {memory: 1Gi}}, securityContext: {runAsUser: 5}}
      - {name: two, image: b, unheardOf: 1}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data: {spec: x}
"""


def uses() -> list[FieldUse]:
    return list(TektonImporter().field_uses(load_documents(Source("run.yaml", TEXT.encode()))))


def said(table: dict[str, Fidelity]) -> dict[str, str]:
    return {path_text(one.use.path): one.fidelity.treatment.value for one in verdicts(uses(), table)}


def test_fields_are_found_by_their_types() -> None:
    found = {path_text(use.path): use.field for use in uses()}
    assert found["spec.taskSpec.steps[1].image"] == "Step.image"
    assert found["spec.podTemplate.affinity.nodeAffinity"] == "Affinity.nodeAffinity"
    assert "spec.taskSpec.steps[1].unheardOf" not in found
    assert "metadata.labels.steps" not in found
    assert {use.document for use in uses()} == {"TaskRun/run-"}


def test_nothing_is_said_below_what_is_judged_as_a_whole() -> None:
    found = said(dict(CONTAINER))
    assert found["spec.podTemplate.affinity"] == "ignored"
    assert found["spec.taskSpec.steps[0].resources"] == "emulated"
    assert found["spec.taskSpec.steps[0].securityContext.runAsUser"] == "honoured"
    assert not [path for path in found if path.startswith(("spec.podTemplate.affinity.", "metadata.labels."))]
    assert not [path for path in found if path.startswith("spec.taskSpec.steps[0].resources.")]


def test_executors_differ() -> None:
    container, process = said(dict(CONTAINER)), said(dict(PROCESS))
    differing = {path for path in container if container[path] != process[path]}
    assert differing == {
        "spec.taskSpec.steps[0].image",
        "spec.taskSpec.steps[1].image",
        "spec.taskSpec.steps[0].resources",
        "spec.taskSpec.steps[0].securityContext.runAsUser",
    }


def test_an_executor_that_says_nothing_is_not_taken_for_a_faithful_one() -> None:
    found = said({})
    assert found == {"apiVersion": "unknown", "kind": "unknown", "metadata": "unknown", "spec": "unknown"}
    whole = Fidelity(treatment=Treatment.HONOURED, whole=True)
    assert fidelity_of("Step.image", {"Step.*": whole}) is whole
    assert fidelity_of("Steps.image", {"Step.*": whole}).treatment is Treatment.UNKNOWN


def test_what_is_not_honoured_comes_first_and_equal_fields_together() -> None:
    rows = gathered(list(verdicts(uses(), PROCESS)))
    order = ["refused", "ignored", "emulated", "unknown", "honoured"]
    ranks = [order.index(row["fidelity"]) for row in rows]
    assert ranks == sorted(ranks)
    (image,) = [row for row in rows if row["field"] == "Step.image"]
    assert (image["times"], image["first"]) == (2, "TaskRun/run- spec.taskSpec.steps[0].image")


@pytest.mark.parametrize("output", ["json", "yaml", "table"])
def test_the_report_is_shown(output: str, capsys: pytest.CaptureFixture[str]) -> None:
    emit_fidelity(list(verdicts(uses(), CONTAINER)), output, executor="container (podman)")
    out = capsys.readouterr().out
    if output == "json":
        printed = json.loads(out)
        assert printed["kind"] == "FidelityList"
        assert {item["executor"] for item in printed["items"]} == {"container (podman)"}
        assert len(printed["items"]) == len(list(verdicts(uses(), CONTAINER)))
    assert "There is one machine, and nothing to choose from." in out
