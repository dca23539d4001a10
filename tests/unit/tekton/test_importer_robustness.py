"""Whatever stands in a file, linting and loading answer with findings."""

from __future__ import annotations

from typing import Any

from holkas.extensions.importer import RunWish
from holkas.yaml import Document, Source
from holkas_compat.tekton.importer import TektonImporter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

IMPORTER = TektonImporter()
KEYS = st.sampled_from(
    [
        "name",
        "namespace",
        "annotations",
        "labels",
        "generateName",
        "params",
        "value",
        "type",
        "default",
        "steps",
        "image",
        "script",
        "tasks",
        "finally",
        "taskRef",
        "taskSpec",
        "pipelineRef",
        "pipelineSpec",
        "workspaces",
        "results",
        "when",
        "matrix",
        "include",
        "data",
        "stringData",
        "secrets",
        "apiVersion",
        "kind",
        "ref",
        "resolver",
        "timeout",
        "retries",
        "runAfter",
        "emptyDir",
        "volumes",
        "sidecars",
        "taskRunSpecs",
    ]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "a", "b", "1h"])
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=25,
)
DOCUMENTS = st.fixed_dictionaries(
    {
        "apiVersion": st.sampled_from(["tekton.dev/v1", "tekton.dev/v1beta1", "v1", "x.dev/v1", ""]),
        "kind": st.sampled_from(
            [
                *("Task", "Pipeline", "TaskRun", "PipelineRun", "StepAction", "CustomRun"),
                *("ConfigMap", "Secret", "ServiceAccount", "PersistentVolumeClaim"),
            ]
        ),
        "metadata": st.just({"name": "a"}) | st.just({"name": "b"}) | VALUES,
    },
    optional={
        "spec": VALUES,
        "data": VALUES,
        "stringData": VALUES,
        "binaryData": VALUES,
        "type": VALUES,
        "secrets": VALUES,
    },
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(DOCUMENTS | VALUES, max_size=4))
def test_nothing_in_a_file_makes_the_importer_fail(values: list[Any]) -> None:
    source = Source("f.yaml", b"")
    documents = [Document(source, index, value) for index, value in enumerate(values)]
    places = {("f.yaml", index) for index in range(len(values))}
    findings = [*IMPORTER.lint(documents, level="alpha"), *IMPORTER.load(documents, RunWish()).findings]
    assert {(finding.place.source, finding.place.document) for finding in findings} <= places
