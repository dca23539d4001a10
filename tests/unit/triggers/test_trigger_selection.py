"""Label selectors and namespaces choose Triggers; names choose listeners."""

from __future__ import annotations

import pytest
from holkas.extensions.trigger import IncomingEvent, Outcome, TriggerError
from holkas_compat.tekton.triggers.model import Selector, Trigger
from holkas_compat.tekton.triggers.selection import matches, select

from tests.unit.triggers.documents import echo, listener, obj, param, receiver, send, task_run, template


@pytest.mark.parametrize(
    ("selector", "holds"),
    [
        ({}, True),
        ({"matchLabels": {"a": "1"}}, True),
        ({"matchLabels": {"a": "2"}}, False),
        ({"matchLabels": {"a": "1", "b": "1"}}, False),
        ({"matchExpressions": [{"key": "a", "operator": "In", "values": ["1", "2"]}]}, True),
        ({"matchExpressions": [{"key": "b", "operator": "In", "values": ["1"]}]}, False),
        ({"matchExpressions": [{"key": "a", "operator": "NotIn", "values": ["1"]}]}, False),
        ({"matchExpressions": [{"key": "b", "operator": "NotIn", "values": ["1"]}]}, True),
        ({"matchExpressions": [{"key": "a", "operator": "Exists"}]}, True),
        ({"matchExpressions": [{"key": "a", "operator": "DoesNotExist"}]}, False),
        ({"matchExpressions": [{"key": "a", "operator": "Nonsense"}]}, False),
    ],
)
def test_labels_are_matched_as_kubernetes_matches_them(selector, holds):
    assert matches(selector, {"a": "1"}) is holds


@pytest.mark.parametrize(
    ("namespaces", "names"),
    [((), []), (("*",), ["a", "b"]), (("x",), ["a"]), (("x", "y"), ["a", "b"]), (("z",), [])],
)
def test_namespaces_are_chosen(namespaces, names):
    triggers = [Trigger(name="a", namespace="x"), Trigger(name="b", namespace="y")]
    chosen = select(Selector(namespaces=namespaces), triggers, "x")
    assert [trigger.name for trigger in chosen] == names


def test_of_several_listeners_one_is_named():
    one = echo("1")
    two = [listener(one), obj("EventListener", "second", {"triggers": [{**one, "name": "other"}]})]
    with pytest.raises(TriggerError, match="el, second"):
        send(two)
    assert [rendered.trigger for rendered in send(two, listener="second")] == ["other"]
    with pytest.raises(TriggerError, match="no EventListener third"):
        send(two, listener="third")


def test_one_trigger_can_be_named():
    own = listener({**echo("1"), "name": "a"}, {**echo("2"), "name": "b"})
    (rendered,) = send(own, trigger="b")
    assert param(rendered) == "2"
    with pytest.raises(TriggerError, match="no trigger c; there are a, b"):
        send(own, trigger="c")


def test_triggers_without_a_listener_all_get_the_event():
    spec = {"bindings": [], "template": {"spec": template(task_run(x="1"))}}
    found = send([obj("Trigger", "a", spec), obj("Trigger", "b", spec)])
    assert [one.trigger for one in found] == ["a", "b"]
    labels = found[0].documents[0].value["metadata"]["labels"]
    assert "triggers.tekton.dev/eventlistener" not in labels


def test_a_listener_that_selects_nothing_says_so():
    own = obj("EventListener", "el", {"labelSelector": {"matchLabels": {"a": "b"}}})
    with pytest.raises(TriggerError, match="selects no trigger"):
        send(own)


@pytest.mark.parametrize("body", [b"", b"[]", b"1", b"{", b"\xff\xfe"])
def test_a_body_that_is_no_mapping_is_the_sender_s_fault(body):
    with pytest.raises(TriggerError) as error:
        send(listener(echo("1")), body)
    assert error.value.refused


def test_the_annotation_lets_any_body_through():
    own = listener(echo("1"), annotations={"tekton.dev/payload-validation": "false"})
    (rendered,) = send(own, b"")
    assert rendered.outcome is Outcome.STARTS
    (rendered,) = send(own, b"text")
    assert rendered.outcome is Outcome.FILTERED


def test_references_that_lead_nowhere_break_only_their_trigger():
    own = listener(
        echo("1"),
        {"name": "no-trigger", "triggerRef": "gone"},
        {"name": "no-template", "template": {"ref": "gone"}},
        {**echo("1"), "name": "no-binding", "bindings": [{"ref": "gone"}]},
    )
    found = {one.trigger: (one.outcome, one.reason) for one in send(own)}
    assert found["echo"][0] is Outcome.STARTS
    assert found["no-trigger"] == (Outcome.FAILED, "there is no Trigger gone")
    assert found["no-template"] == (Outcome.FAILED, "there is no TriggerTemplate gone")
    assert found["no-binding"] == (Outcome.FAILED, "there is no TriggerBinding gone")


def test_runs_of_the_file_are_no_companions_of_a_rendered_one():
    task = {"apiVersion": "tekton.dev/v1", "kind": "Task", "metadata": {"name": "t"}, "spec": {}}
    own = receiver(listener(echo("1")), task, {**task_run(x="1"), "metadata": {"name": "r"}})
    assert [document.value["kind"] for document in own.companions] == ["Task"]
    assert own.render(IncomingEvent(id="e", body=b"{}")).triggers[0].runs == 1
    own.close()
    own.close()
