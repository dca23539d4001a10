"""Templates of ApplicationSets, their patches and what the controller decides, beside the answers of Argo CD."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from holkas.yaml import load
from holkas_compat.argocd.applicationset.application import FINALIZER, rendered, with_template_patch
from holkas_compat.argocd.applicationset.errors import GenerationError
from holkas_compat.argocd.applicationset.functions import slug
from holkas_compat.argocd.applicationset.generate import generate
from holkas_compat.argocd.applicationset.params import combine
from holkas_compat.argocd.applicationset.policy import without_ignored
from holkas_compat.argocd.applicationset.recognition import invalid_generators, unrecognized
from holkas_compat.argocd.applicationset.substitution import Substitution
from holkas_compat.argocd.applicationset.transform import interpolated
from holkas_compat.argocd.applicationset.world import World

from tests.shared import rows

pytestmark = pytest.mark.conformance

Case = Mapping[str, Any]


def _go(test: str) -> bool:
    return "GoTemplat" in test


def ignored(test: str, case: Case) -> None:
    found, wanted = load(case["foundApp"]), load(case["generatedApp"])
    rules = [
        {{"JQPathExpressions": "jqPathExpressions", "JSONPointers": "jsonPointers"}.get(key, key): value
         for key, value in rule.items()}
        for rule in case["ignoreDifferences"]
    ]  # fmt: skip
    assert without_ignored(found, wanted, rules) == load(case["expectedApp"])


def string_maps(test: str, case: Case) -> None:
    if case["expectedErr"]:
        with pytest.raises(GenerationError) as caught:
            combine(case["left"], case["right"])
        assert str(caught.value) == case["expectedErr"]["$error"]
    else:
        assert combine(case["left"], case["right"]) == case["expected"]


def _numbers(value: Any) -> Any:
    from holkas_compat.argocd.applicationset.functions import as_go

    return as_go(value)


def render(test: str, case: Case) -> None:
    options = case.get("templateOptions") or ()
    missing_key = options[0].partition("=")[2] if options else "default"
    how = Substitution(_go(test), missing_key)
    template = {
        "metadata": {"labels": {"x": case["fieldVal"]}},
        "spec": {"source": {"path": case["fieldVal"]}},
    }
    if case.get("errorMessage"):
        with pytest.raises(GenerationError) as caught:
            rendered(template, None, _numbers(case["params"]), how)
        assert str(caught.value) == case["errorMessage"]
        return
    made = rendered(template, None, _numbers(case["params"]), how)
    assert made["spec"]["source"]["path"] == made["metadata"]["labels"]["x"] == case["expectedVal"]


def finalizers(test: str, case: Case) -> None:
    template = {"metadata": {"finalizers": case["existingFinalizers"]}, "spec": {}}
    made = rendered(template, case["syncPolicy"], {"one": "two"}, Substitution())
    assert (made["metadata"].get("finalizers") or []) == (case["expectedFinalizers"] or [])
    assert FINALIZER.startswith("resources-finalizer")


def check_generators(test: str, case: Case) -> None:
    assert unrecognized(case["appSet"]) == case["expectedMsg"]


def recognised(test: str, case: Case) -> None:
    assert invalid_generators(case["appSet"]) == (case["expectedInvalid"], frozenset(case["expectedNames"]))


def slugs(test: str, case: Case) -> None:
    made = slug(case["branch"].replace("_", "-"), case["length"], smart=case["smartTruncate"])
    assert made == case["expectedBasePath"]


def deferred(test: str, case: Case) -> None:
    options = case.get("goTemplateOptions") or ()
    missing_key = options[0].partition("=")[2] if options else "default"
    how = Substitution(case.get("useGoTemplate", False), missing_key)
    kind, config = next(iter(case["gen"].items()))
    if case.get("expectErr"):
        with pytest.raises(GenerationError) as caught:
            interpolated(config, kind, case["params"], how)
        assert case["expectErr"] in str(caught.value)
        return
    expected = next(value for key, value in case.items() if key.startswith("expected") and value is not None)
    assert interpolated(config, kind, case["params"], how)["values"] == expected


def patch(test: str, case: Case) -> None:
    application = {key: value for key, value in case["appTemplate"].items() if key != "TypeMeta"}
    expected = {key: value for key, value in case["expectedApp"].items() if key != "TypeMeta"}
    assert with_template_patch(application, case["templatePatch"]) == expected


REASONS = {"A901": "ApplicationParamsGenerationError", "A902": "RenderTemplateParamsError"}


def applications(test: str, case: Case) -> None:
    fails = case.get("rendererError")
    template = case["template"] | ({"spec": {"x": "{{.nope | fail}}"}} if fails else {})
    elements = ["no mapping"] if case.get("generateParamsError") else case["params"]
    document = {
        "metadata": {"name": "set", "namespace": "namespace"},
        "spec": {"goTemplate": True, "generators": [{"list": {"elements": elements}}], "template": template},
    }
    # The rows give all applications one name, which the original judges elsewhere.
    found = [finding.code for finding in generate(document, World()).findings if finding.code != "A903"]
    assert bool(found) == bool(case["expectErr"])
    if found:
        assert REASONS[found[0]] == case["expectedReason"]


HANDLED: Mapping[str, Callable[[str, Case], None]] = {
    "Test_applyIgnoreDifferences": ignored,
    "TestCombineStringMaps": string_maps,
    "TestRenderTemplateParams": render,
    "TestRenderTemplateParamsGoTemplate": render,
    "TestRenderTemplateParamsFinalizers": finalizers,
    "TestCheckInvalidGenerators": check_generators,
    "TestInvalidGenerators": recognised,
    "TestSlugify": slugs,
    "TestRenderGeneratorParams_ValuesInterpolation": deferred,
    "Test_ApplyTemplatePatch": patch,
    "TestGenerateApplications": applications,
}

NOT_OURS = {
    "TestGetSecretRef": "reads a Secret through a client of Kubernetes; the rows have the question but not the Secret",
    "TestGetConfigMapData": "reads a ConfigMap through a client of Kubernetes, as TestGetSecretRef",
}

ROWS = list(rows("argocd", "table_appset_template.jsonl"))


@pytest.mark.parametrize(
    "row",
    [row for row in ROWS if row["test"] in HANDLED],
    ids=lambda row: f"{row['test']}-{row['index']}",
)
def test_rows_agree(row: Mapping[str, Any]) -> None:
    HANDLED[row["test"]](row["test"], row["case"])


def test_every_table_is_handled_or_has_a_reason() -> None:
    assert {row["test"] for row in ROWS} <= {*HANDLED, *NOT_OURS}
    assert not {*HANDLED} & {*NOT_OURS}
    assert all(NOT_OURS.values())
