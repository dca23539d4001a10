"""Corners of admission that Tekton's sources show and few documents reach."""

from __future__ import annotations

import pytest
from holkas_compat.tekton.validation import FeatureFlags

from tests.unit.tekton.validation.documents import (
    ALPHA,
    BETA,
    STABLE,
    STEP,
    Document,
    judge,
    named,
    param,
    pipeline,
    task,
    with_param,
)

_OBJECT = {"name": "o", "type": "object"}
_KEYS = {"properties": {"k": {"type": "string"}}}
_CUSTOM = {"apiVersion": "x.y/v1", "kind": "Wait"}
_ARTIFACT = with_param("$(tasks.a.outputs.image)")


def _mounted(*steps: Document) -> Document:
    template = {
        "image": "busybox",
        "volumeMounts": [{"name": "v", "mountPath": path} for path in ("/a", "/b")],
    }
    return task(stepTemplate=template, steps=list(steps))


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(
            pipeline(named("a", **with_param("x$(params.o.k)$(params.o)")), params=[_OBJECT]),
            id="how an object without keys is used is nobody's business",
        ),
        pytest.param(
            task("v1beta1", stepTemplate={"name": "s", "image": "busybox"}, steps=[{}, {}]),
            id="a name in a template is no step's",
        ),
    ],
)
def test_accepted(document: Document) -> None:
    assert judge(document) == []


@pytest.mark.parametrize(
    ("document", "flags", "expected"),
    [
        pytest.param(
            pipeline({"name": "a", "taskRef": {**_CUSTOM, "resolver": "git", "params": [param("p", "v")]}}),
            STABLE,
            [("T105", ()), ("T105", ())],
            id="a resolver of a custom task needs beta",
        ),
        pytest.param(
            pipeline({"name": "a", "taskRef": {**_CUSTOM, "resolver": "git"}}),
            BETA,
            [],
            id="and there it is fine",
        ),
        pytest.param(
            pipeline(
                {
                    "name": "a",
                    "taskSpec": {
                        "params": [{**_OBJECT, "properties": {"own": {"type": "string"}}}],
                        "steps": [{**STEP, "script": "$(params.o.own)"}],
                    },
                },
                params=[{**_OBJECT, **_KEYS}],
            ),
            BETA,
            [("T311", ("spec.tasks[0].steps[0].script",))],
            id="a key of two objects of one name must be in both",
        ),
        pytest.param(
            pipeline(named("a"), **{"finally": [named("f", **with_param("$(tasks..status)"))]}),
            BETA,
            [("T423", ("spec.finally[0].params[p].value",))],
            id="the status of a task without a name",
        ),
        pytest.param(
            pipeline(named("a", **_ARTIFACT), **{"finally": [named("f", **_ARTIFACT)]}),
            BETA,
            [("T106", ("spec.tasks[0].params",))],
            id="only the first use of artifacts is told",
        ),
        pytest.param(
            pipeline(named("a"), **{"finally": [named("f", **_ARTIFACT)]}),
            BETA,
            [("T106", ("spec.finally[0].params",))],
            id="be it in finally",
        ),
        pytest.param(
            pipeline(named("a", **_ARTIFACT), **{"finally": [named("f", **_ARTIFACT)]}),
            ALPHA,
            [],
            id="or at alpha none",
        ),
        pytest.param(
            _mounted({"volumeMounts": [{"name": "tekton-internal-x", "mountPath": "/b"}]}),
            BETA,
            [("T210", ("spec.steps[0].volumeMounts[1].name",))],
            id="a mount takes the place of the template's",
        ),
        pytest.param(
            _mounted({"volumeMounts": [{"name": "tekton-internal-x", "mountPath": "/c"}]}),
            BETA,
            [("T210", ("spec.steps[0].volumeMounts[0].name",))],
            id="or comes first",
        ),
    ],
)
def test_told(document: Document, flags: FeatureFlags, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    assert [(problem.code, problem.fields) for problem in judge(document, flags)] == expected
