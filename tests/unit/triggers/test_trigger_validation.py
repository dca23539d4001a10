"""What the admission of Triggers refuses, with its fields, and what is wrong between documents."""

from __future__ import annotations

from typing import Any

import pytest
from holkas.model.finding import Severity
from holkas_compat.tekton.importer import TektonImporter
from holkas_compat.tekton.triggers.codes import TRIGGER_CODES
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.triggers.documents import (
    BETA,
    codes,
    echo,
    interceptor,
    lint,
    obj,
    parsed,
    task_run,
    template,
)

ALPHA = "triggers.tekton.dev/v1alpha1"
GOOD = template(task_run(x="$(tt.params.x)"), x="1")


def el(spec: Any, **metadata: Any) -> dict[str, Any]:
    return obj("EventListener", "el", spec, **metadata)


def pod(spec: Any) -> dict[str, Any]:
    return {
        "triggers": [echo("1")],
        "resources": {"kubernetesResource": {"spec": {"template": {"spec": spec}}}},
    }


def t(**parts: Any) -> dict[str, Any]:
    return obj("Trigger", "t", {"template": {"spec": GOOD}, **parts})


REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    ("unknown kind", obj("EventListner", "x", {}), "T901", "kind"),
    ("no kind", {"apiVersion": BETA, "metadata": {"name": "x"}}, "T901", "kind"),
    ("unknown version", obj("Trigger", "x", {}, version="triggers.tekton.dev/v1"), "T902", "apiVersion"),
    ("unknown field", el({"triggerz": []}), "T010", "spec.triggerz"),
    ("wrong type", el({"triggers": {}}), "T011", "spec.triggers"),
    (
        "old field in v1beta1",
        t(interceptors=[{"cel": {"filter": "true"}}]),
        "T010",
        "spec.interceptors.0.cel",
    ),
    ("bad name", obj("TriggerTemplate", "Bad_Name", GOOD), "T101", "metadata.name"),
    ("long name", obj("EventListener", "a" * 61, {"triggers": [echo("1")]}), "T911", "metadata.name"),
    (
        "annotation",
        el({"triggers": [echo("1")]}, annotations={"tekton.dev/payload-validation": "no"}),
        "T910",
        "metadata.annotations.tekton.dev/payload-validation",
    ),
    ("nothing to trigger", el({}), "T912", "spec.triggers"),
    ("no template", el({"triggers": [{"name": "a"}]}), "T914", "spec.triggers[0].triggerRef"),
    (
        "reference and more",
        el({"triggers": [{**echo("1"), "triggerRef": "t"}]}),
        "T913",
        "spec.triggers[0].triggerRef",
    ),
    ("name of a trigger", el({"triggers": [{**echo("1"), "name": "a b"}]}), "T917", "spec.triggers[0].name"),
    (
        "long name of a trigger",
        el({"triggers": [{**echo("1"), "name": "a" * 64}]}),
        "T917",
        "spec.triggers[0].name",
    ),
    (
        "group without selector",
        el({"triggerGroups": [{"name": "g", "interceptors": [interceptor("cel")]}]}),
        "T914",
        "spec.triggerGroups[0].triggerSelector.labelSelector",
    ),
    (
        "group without interceptors",
        el({"triggerGroups": [{"name": "g", "triggerSelector": {"labelSelector": {}}}]}),
        "T914",
        "spec.triggerGroups[0].interceptors",
    ),
    (
        "two resources",
        el({"triggers": [echo("1")], "resources": {"kubernetesResource": {}, "customResource": {}}}),
        "T913",
        "spec.resources.kubernetesResource",
    ),
    (
        "replicas",
        el({"triggers": [echo("1")], "resources": {"kubernetesResource": {"replicas": -1}}}),
        "T915",
        "spec.resources.kubernetesResource.spec.replicas",
    ),
    ("pod", el(pod({"volumes": []})), "T916", "spec.resources.kubernetesResource.spec.template.spec.volumes"),
    (
        "containers",
        el(pod({"containers": [{}, {}]})),
        "T916",
        "spec.resources.kubernetesResource.spec.template.spec.containers",
    ),
    (
        "container",
        el(pod({"containers": [{"image": "x"}]})),
        "T916",
        "spec.resources.kubernetesResource.spec.template.spec.containers[0].image",
    ),
    (
        "variable",
        el(pod({"containers": [{"env": [{"name": "A", "value": "1"}]}]})),
        "T916",
        "spec.resources.kubernetesResource.spec.template.spec.containers[0].env[0].value",
    ),
    (
        "source",
        el(pod({"containers": [{"env": [{"name": "A", "valueFrom": {"fieldRef": {}}}]}]})),
        "T916",
        "spec.resources.kubernetesResource.spec.template.spec.containers[0].env[0].valueFrom.fieldRef",
    ),
    (
        "half of TLS",
        el(pod({"containers": [{"env": [{"name": "TLS_KEY", "valueFrom": {"secretKeyRef": {}}}]}]})),
        "T914",
        "",
    ),
    ("binding with both", t(bindings=[{"ref": "a", "name": "b"}]), "T913", "spec.bindings[0].ref"),
    ("kind of a binding", t(bindings=[{"ref": "a", "kind": "Binding"}]), "T915", "spec.bindings[0].kind"),
    ("binding without value", t(bindings=[{"name": "b"}]), "T914", "spec.bindings[0].value"),
    ("empty binding", t(bindings=[{}]), "T914", "spec.bindings[0].ref"),
    ("both templates", t(template={"ref": "a", "spec": GOOD}), "T913", "spec.template.spec"),
    ("neither template", t(template={}), "T914", "spec.template.spec"),
    ("empty reference", t(template={"ref": ""}), "T914", "spec.template.ref"),
    (
        "version of a template",
        t(template={"ref": "a", "apiversion": "v2"}),
        "T915",
        "spec.template.apiVersion",
    ),
    ("no interceptor", t(interceptors=[{}]), "T914", "spec.interceptors[0].interceptor"),
    (
        "webhook",
        t(interceptors=[{"webhook": {}}]),
        "T914",
        "spec.interceptors[0].interceptor.webhook.objectRef",
    ),
    (
        "webhook's kind",
        t(interceptors=[{"webhook": {"objectRef": {"kind": "Pod", "apiVersion": "v1"}}}]),
        "T915",
        "spec.interceptors[0].interceptor.webhook.objectRef.kind",
    ),
    (
        "webhook's version",
        t(interceptors=[{"webhook": {"objectRef": {"kind": "Service"}}}]),
        "T914",
        "spec.interceptors[0].interceptor.webhook.objectRef.apiVersion",
    ),
    (
        "webhook's header",
        t(
            interceptors=[
                {
                    "webhook": {
                        "objectRef": {"kind": "Service", "apiVersion": "v1"},
                        "header": [{"name": "x-a", "value": "1"}],
                    }
                }
            ]
        ),
        "T915",
        "spec.interceptors[0].interceptor.webhook.header[0].name",
    ),
    (
        "webhook's empty header",
        t(
            interceptors=[
                {
                    "webhook": {
                        "objectRef": {"kind": "Service", "apiVersion": "v1"},
                        "header": [{"name": "X-A", "value": ""}],
                    }
                }
            ]
        ),
        "T915",
        "spec.interceptors[0].interceptor.webhook.header[0].value",
    ),
    ("empty template", obj("TriggerTemplate", "x", {}), "T920", "spec.resourcetemplates"),
    (
        "resource without kind",
        obj("TriggerTemplate", "x", template({"apiVersion": "tekton.dev/v1"})),
        "T921",
        "spec.resourcetemplates[0].kind",
    ),
    (
        "resource without version",
        obj("TriggerTemplate", "x", template({"kind": "Task"})),
        "T921",
        "spec.resourcetemplates[0].apiVersion",
    ),
    (
        "strange resource",
        obj("TriggerTemplate", "x", template({"apiVersion": "v1", "kind": "Pod"})),
        "T921",
        "spec.resourcetemplates[0]",
    ),
    (
        "removed version",
        obj("TriggerTemplate", "x", template({"apiVersion": "tekton.dev/v9", "kind": "Task"})),
        "T921",
        "spec.resourcetemplates[0]",
    ),
    (
        "undeclared param",
        obj("TriggerTemplate", "x", template(task_run(x="$(tt.params.y)"), x=None)),
        "T922",
        "spec.resourcetemplates[0]",
    ),
    (
        "undeclared param within",
        t(template={"spec": template(task_run(x="$(tt.params.y)"))}),
        "T922",
        "spec.template.resourcetemplates[0]",
    ),
    ("empty binding kind", obj("TriggerBinding", "x", {}), "T914", "spec"),
    (
        "param twice",
        obj("TriggerBinding", "x", {"params": [{"name": "a", "value": "1"}] * 2}),
        "T923",
        "spec.params[1].name",
    ),
    (
        "unfinished",
        obj("ClusterTriggerBinding", "x", {"params": [{"name": "a", "value": "$(body.a $(body.b)"}]}),
        "T924",
        "spec.params[0].value",
    ),
    (
        "url and service",
        obj(
            "ClusterInterceptor",
            "x",
            {"clientConfig": {"url": "http://a", "service": {"name": "a", "namespace": "b"}}},
            version=ALPHA,
        ),
        "T913",
        "spec.clientConfig.url",
    ),
    (
        "half a service",
        obj("Interceptor", "x", {"clientConfig": {"service": {"name": "a"}}}, version=ALPHA),
        "T914",
        "spec.clientConfig.service.namespace",
    ),
    (
        "two old forms",
        obj(
            "Trigger",
            "t",
            {"template": {"spec": GOOD}, "interceptors": [{"cel": {}, "github": {}}]},
            version=ALPHA,
        ),
        "T913",
        "spec.interceptors[0].interceptor.github",
    ),
]


@pytest.mark.parametrize(
    ("document", "code", "field"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_what_triggers_refuses_is_an_error_at_its_field(document, code, field):
    found = [finding for finding in lint(document) if finding.severity is Severity.ERROR]
    assert code in [finding.code for finding in found]
    fields = [name for finding in found if finding.code == code for name in finding.fields]
    assert field in fields or not field


@pytest.mark.parametrize(
    "document",
    [
        t(),
        obj("TriggerTemplate", "x", GOOD),
        obj("TriggerTemplate", "x", template({"apiVersion": "tekton.dev/v1beta1", "kind": "ClusterTask"})),
        obj("TriggerBinding", "x", {"params": [{"name": "a", "value": "$(body.a"}]}),
        obj(
            "Trigger",
            "t",
            {"template": {"spec": GOOD}, "interceptors": [{"gitlab": {"eventTypes": ["x"]}}]},
            version=ALPHA,
        ),
        obj(
            "EventListener", "e", {"serviceType": "x", "replicas": 1, "triggers": [echo("1")]}, version=ALPHA
        ),
        obj("ClusterInterceptor", "x", {"clientConfig": {"url": "http://a"}}, version=ALPHA),
        el({"labelSelector": {}}),
        el({"namespaceSelector": {"matchNames": ["a"]}}),
        el(
            pod(
                {
                    "nodeSelector": {},
                    "tolerations": [],
                    "serviceAccountName": "x",
                    "containers": [{"resources": {}}],
                }
            )
        ),
        el({"triggers": [{"triggerRef": "t"}]}),
    ],
)
def test_what_triggers_takes_has_no_error_of_its_own(document):
    assert [f for f in lint(document) if f.severity is Severity.ERROR and f.code != "T930"] == []


def warned(*documents: Any) -> list[tuple[str, str]]:
    return [(finding.code, finding.message) for finding in lint(*documents) if finding.code.startswith("T93")]


def test_references_lead_somewhere():
    trigger = {"bindings": [{"ref": "bind"}], "template": {"ref": "temp"}}
    binding = obj("TriggerBinding", "bindd", {"params": [{"name": "x", "value": "1"}]})
    found = lint(el({"triggers": [trigger, {"triggerRef": "t"}]}), binding)
    unknown = {finding.place.path: finding.hint for finding in found if finding.code == "T930"}
    assert unknown == {
        ("spec", "triggers", 0, "template", "ref"): "",
        ("spec", "triggers", 0, "bindings", 0, "ref"): "did you mean `bindd`?",
        ("spec", "triggers", 1, "triggerRef"): "",
    }


def test_a_reference_to_a_broken_document_says_so():
    broken = obj("TriggerTemplate", "temp", {})
    assert ("T930", 'TriggerTemplate "temp" has errors') in warned(
        el({"triggers": [{"template": {"ref": "temp"}}]}), broken
    )


def test_params_meet():
    trigger = {
        "bindings": [{"name": "xx", "value": "1"}, {"name": "y", "value": "1"}, {"ref": "b"}],
        "template": {"spec": template(task_run(x="$(tt.params.x)$(tt.params.y)"), x=None, y=None)},
    }
    shared = obj(
        "TriggerBinding", "b", {"params": [{"name": "y", "value": "1"}, {"name": "other", "value": "1"}]}
    )
    assert warned(el({"triggers": [trigger]}), shared) == [
        ("T933", 'the template has no param "xx"'),
        ("T935", 'param "y" is bound twice'),
        ("T932", 'param "x" of the template gets no value and has no default'),
    ]


def test_paths_are_read_beforehand():
    binding = obj("TriggerBinding", "b", {"params": [{"name": "a", "value": "$(body.a[)"}]})
    assert codes(binding) == ["T937"]
    assert "T937" in codes(el({"triggers": [echo("$({body)")]}))


def test_interceptors_are_looked_at_beforehand():
    trigger = echo(
        "1",
        interceptors=[
            interceptor("cel", filter="body.", overlays=[{"key": "a", "expression": "nope"}]),
            interceptor("github", eventTypes="push", secretref={}, addChangedFiles={"enabled": True}),
            interceptor("mine"),
        ],
    )
    found = {finding.place.path[3:]: finding.code for finding in lint(el({"triggers": [trigger]}))}
    assert found == {
        ("interceptors", 0, "params", 0, "value"): "T931",
        ("interceptors", 0, "params", 1, "value", 0, "expression"): "T931",
        ("interceptors", 1, "params", 0, "value"): "T938",
        ("interceptors", 1, "params", 1, "value"): "T938",
        ("interceptors", 1, "params", 2, "value"): "T936",
        ("interceptors", 2): "T936",
    }


def test_groups_and_old_forms_are_looked_at_as_well():
    group = {
        "name": "g",
        "interceptors": [interceptor("cel", filter="(")],
        "triggerSelector": {"labelSelector": {}},
    }
    assert codes(el({"triggerGroups": [group]})) == ["T931"]
    old = obj(
        "Trigger",
        "t",
        {"template": {"spec": GOOD}, "interceptors": [{"cel": {"filter": "nope"}}]},
        version=ALPHA,
    )
    (finding,) = lint(old)
    assert (finding.code, finding.place.path[-2:]) == ("T931", ("cel", "filter"))


def test_an_event_s_text_in_a_script_is_warned_of():
    run = task_run()
    run["spec"] = {
        "taskSpec": {"steps": [{"image": "a", "script": "echo $(tt.params.x)", "args": ["$(tt.params.x)"]}]}
    }
    documents = [obj("TriggerTemplate", "tt", template(run, x=None))]
    (finding,) = [one for one in lint(*documents) if one.code == "T934"]
    assert finding.place.path[-1] == "script"
    assert finding.place.within == "$(tt.params.x)"
    assert codes(el({"triggers": [{"template": {"spec": template(run, x="1")}}]})).count("T934") == 1


def test_findings_of_all_documents_come_in_the_order_of_the_files():
    task = {"apiVersion": "tekton.dev/v1", "kind": "Task", "metadata": {"name": "t"}, "spec": {"nope": 1}}
    found = lint(el({}), task, obj("Trigger", "t", {}))
    assert [finding.place.document for finding in found] == sorted(f.place.document for f in found)
    assert {finding.place.document for finding in found} == {0, 1, 2}


def test_the_importer_knows_the_group():
    importer = TektonImporter()
    assert importer.recognises(el({}))
    assert not importer.recognises({"apiVersion": "triggers.example.com/v1", "kind": "Other"})


def test_every_code_that_is_given_is_explained():
    given_codes = {case[2] for case in REFUSED if case[2].startswith("T9")}
    assert given_codes <= set(TRIGGER_CODES)
    from holkas_compat.tekton.hooks import holkas_codes

    assert set(TRIGGER_CODES) <= set(holkas_codes())


LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.text(max_size=8)
    | st.sampled_from(["$(body.x)", "cel", "github"])
)
KEYS = st.sampled_from(
    [
        "triggers",
        "bindings",
        "template",
        "spec",
        "ref",
        "name",
        "value",
        "kind",
        "interceptors",
        "params",
        "triggerGroups",
        "triggerSelector",
        "resources",
        "resourcetemplates",
        "kubernetesResource",
        "labelSelector",
        "webhook",
        "header",
        "cel",
        "filter",
        "overlays",
        "triggerRef",
        "x",
    ]
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=300)
@given(
    st.sampled_from(["EventListener", "Trigger", "TriggerTemplate", "TriggerBinding", "ClusterInterceptor"]),
    st.sampled_from([BETA, ALPHA]),
    TREES,
)
def test_any_spec_ends_in_findings(kind, version, spec):
    documents = parsed({"apiVersion": version, "kind": kind, "metadata": {"name": "x"}, "spec": spec})
    importer = TektonImporter()
    found = importer.lint(documents)
    assert all(finding.code in TRIGGER_CODES or finding.code[:2] in ("T0", "T1") for finding in found)
    importer.triggers().read(documents).close()
