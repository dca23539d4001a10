"""ApplicationSets and AppProjects that Argo CD refuses, or that do not do what they look like."""

from __future__ import annotations

from typing import Any

import pytest
from holkas_compat.argocd.validation.roles import group_fault, policy_fault

from tests.argocd_documents import APPLICATION_SET, PROJECT, changed, codes

LIST = {"list": {"elements": [{"a": "b"}]}}
WINDOW = {"kind": "allow", "schedule": "0 8 * * mon-fri", "duration": "8h", "applications": ["*"]}
STEP = {"matchExpressions": [{"key": "env", "operator": "In", "values": ["dev"]}], "maxUpdate": "10%"}


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        ("spec.generators", [{}], ["A201"]),
        ("spec.generators", [{"selector": {"matchLabels": {"a": "b"}}}], ["A201"]),
        ("spec.generators", [{"git": {"repoURL": "x", "revision": "HEAD"}}], ["A202"]),
        ("spec.generators", [{"list": {}}], ["A202"]),
        ("spec.generators", [{"matrix": {"generators": [LIST]}}], ["A203"]),
        ("spec.generators", [{"matrix": {"generators": [LIST, LIST, LIST]}}], ["A203"]),
        ("spec.generators", [{"merge": {"generators": [LIST], "mergeKeys": ["a"]}}], ["A203"]),
        ("spec.generators", [{"merge": {"generators": [LIST, LIST], "mergeKeys": []}}], ["A204"]),
        ("spec.generators", [{"merge": {"generators": [LIST, LIST]}}], ["A016"]),
        (
            "spec.generators",
            [{"matrix": {"generators": [LIST, {"git": {"repoURL": "x", "revision": "y"}}]}}],
            ["A202"],
        ),
        ("spec.goTemplateOptions", ["missingkey=fail"], ["A205"]),
        ("spec.template.metadata", {}, ["A206"]),
        ("spec.template.metadata.name", "{{cluster.name}}", ["A207"]),
        ("spec.template.spec.destination", {}, ["A111"]),
        ("spec.template.spec.syncPolicy", {"syncOptions": ["Prune=no"]}, ["A114"]),
        ("spec.template.metadata.finalizers", ["resources-finalizer.argocd.argoproj.oi"], ["A102"]),
        ("spec.strategy", {"type": "Rolling"}, ["A208"]),
        ("spec.strategy", {"type": "RollingSync"}, ["A208"]),
        ("spec.strategy", {"rollingSync": {"steps": [STEP]}}, ["A208"]),
        ("spec.strategy", {"deletionOrder": "Reverse"}, ["A208"]),
        ("spec.strategy", {"deletionOrder": "Sideways"}, ["A208"]),
        (
            "spec.strategy",
            {"type": "RollingSync", "rollingSync": {"steps": [{"maxUpdate": "some"}]}},
            ["A208"],
        ),
    ],
)
def test_application_sets(path: str, value: Any, found: list[str]) -> None:
    assert codes(changed(APPLICATION_SET, path, value)) == found


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (
            "spec.strategy",
            {"type": "RollingSync", "rollingSync": {"steps": [STEP]}, "deletionOrder": "Reverse"},
        ),
        ("spec.goTemplateOptions", ["missingkey=error"]),
        ("spec.template.spec.destination", {"name": "{{.cluster}}", "server": "{{.server}}"}),
        ("spec.template.spec.source.helm", {"values": "a: {{ .b }}"}),
        ("spec.template.spec.syncPolicy", {"syncOptions": ["{{ .option }}"]}),
        ("spec.generators", [{"matrix": {"generators": [LIST, {"matrix": {"generators": [LIST, LIST]}}]}}]),
        ("spec.generators", [{"list": {"elementsYaml": "{{ .a | toJson }}"}}]),
    ],
)
def test_application_sets_that_work(path: str, value: Any) -> None:
    assert codes(changed(APPLICATION_SET, path, value)) == []


def test_a_template_that_others_complete_need_not_be_whole() -> None:
    partial = changed(APPLICATION_SET, "spec.template.metadata", {})
    partial = changed(partial, "spec.template.spec", {"project": "", "destination": {}})
    template = {"metadata": {"name": "{{.a}}"}, "spec": {"project": "x", "destination": {}}}
    generators = [{"list": {"elements": [], "template": template}}]
    assert codes(changed(partial, "spec.generators", generators)) == []
    assert codes(changed(partial, "spec.templatePatch", "spec: {}")) == []


def test_go_placeholders_without_go_templates() -> None:
    plain = changed(APPLICATION_SET, "spec.goTemplate", False)
    assert codes(plain) == ["A207"]
    assert codes(changed(plain, "spec.template.metadata.name", "{{name}}")) == []
    named = changed(plain, "spec.template.metadata.name", "{{name}}")
    assert codes(changed(named, "spec.goTemplateOptions", ["missingkey=error"])) == ["A205"]


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        ("spec.destinations", [{"server": "a", "namespace": "b"}] * 2, ["A301"]),
        ("spec.destinations", [{"server": "!*", "namespace": "b"}], ["A302"]),
        ("spec.destinations", [{"name": "!*", "namespace": "!*"}], ["A302", "A302"]),
        ("spec.sourceRepos", ["a", "a"], ["A301"]),
        ("spec.sourceRepos", ["!*"], ["A302"]),
        ("spec.sourceRepos", ["a[b"], ["A302"]),
        ("spec.sourceNamespaces", ["a", "a"], ["A301"]),
        ("spec.roles", [{"name": "-a"}], ["A304"]),
        ("spec.roles", [{"name": "a"}, {"name": "a"}], ["A301"]),
        ("spec.roles", [{"name": "a", "policies": ["p, x"]}], ["A305"]),
        ("spec.roles", [{"name": "a", "groups": ["b", "b", "c,d"]}], ["A301", "A306"]),
        ("spec.syncWindows", [{**WINDOW, "kind": "maybe"}], ["A310"]),
        ("spec.syncWindows", [{**WINDOW, "schedule": "@daily"}], ["A311"]),
        ("spec.syncWindows", [{**WINDOW, "schedule": "61 * * * *"}], ["A311"]),
        ("spec.syncWindows", [{**WINDOW, "duration": "1d"}], ["A312"]),
        ("spec.syncWindows", [{**WINDOW, "applications": []}], ["A313"]),
        ("spec.syncWindows", [{**WINDOW, "description": "x" * 256}], ["A314"]),
        ("spec.syncWindows", [{**WINDOW, "timeZone": "Europe/Atlantis"}], ["A315"]),
        ("spec.syncWindows", [{**WINDOW, "schedule": "0 0 30 2 *"}], ["A316"]),
        ("spec.syncWindows", [{**WINDOW, "duration": "0s"}], ["A316"]),
        ("spec.syncWindows", [WINDOW, WINDOW], ["A301"]),
        ("spec.destinationServiceAccounts", [{"server": "!a", "defaultServiceAccount": "x"}], ["A303"]),
        ("spec.destinationServiceAccounts", [{"server": "[", "defaultServiceAccount": ""}], ["A303", "A303"]),
        ("spec.destinationServiceAccounts", [{"server": "*", "defaultServiceAccount": "ns:x"}] * 2, ["A301"]),
        ("spec.signatureKeys", [{"keyID": "4AEE18F83AFDEB23"}], ["A701"]),
        ("spec.clusterResourceWhitelist", [{"group": "*"}], ["A016"]),
    ],
)
def test_projects(path: str, value: Any, found: list[str]) -> None:
    assert codes(changed(PROJECT, path, value)) == found


@pytest.mark.parametrize(
    ("policy", "fault"),
    [
        ("p, proj:team:dev, applications, sync, team/*, allow", ""),
        ("p, proj:team:dev, applications, action/apps/Deployment/restart, team/ns/web, deny", ""),
        ("p, proj:other:dev, applications, sync, team/*, allow", "policy subject"),
        ("p, proj:team:dev, projects, sync, team/*, allow", "project resource"),
        ("p, proj:team:dev, applications, fly, team/*, allow", "invalid action"),
        ("p, proj:team:dev, applications, sync, other/*, allow", "object must be"),
        ("p, proj:team:dev, applications, sync, team/*, perhaps", "effect must be"),
        ("g, proj:team:dev, applications, sync, team/*, allow", "must be of the form"),
    ],
)
def test_policies(policy: str, fault: str) -> None:
    found = policy_fault(policy, "team", "dev")
    assert fault in found if fault else found == ""


@pytest.mark.parametrize(
    ("group", "good"),
    [
        ("devs", True),
        ('"a, b"', True),
        (" devs", False),
        ("devs ", False),
        ("a,b", False),
        ('a"b', False),
        (" ", False),
    ],
)
def test_groups(group: str, good: bool) -> None:
    assert (group_fault(group) == "") is good
