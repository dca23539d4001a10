"""Resource templates become manifests, and no value of an event gets out of its place."""

from __future__ import annotations

import json

import pytest
from holkas.extensions.trigger import Outcome
from holkas_compat.tekton.triggers.interceptors.request import Stop
from holkas_compat.tekton.triggers.model import Template
from holkas_compat.tekton.triggers.rendering import render
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.triggers.documents import echo, listener, obj, param, send, task_run, template

BREAKERS = [
    '", "injected": "yes',
    '"}], "taskRef": {"name": "evil"}, "params": [{"name": "x", "value": "',
    "\\",
    '\\"',
    "\\u0022",
    "a\nb: c\n---\nkind: Secret",
    "{{ evil }}",
    "${IFS}$(reboot)`reboot`",
    "\u0000\u001b[2J",
    "🦊\ud83d",
]


@pytest.mark.parametrize("value", BREAKERS)
def test_a_text_of_an_event_stays_one_text(value):
    body = json.dumps({"x": value}).encode()
    (rendered,) = send(listener(echo("<$(body.x)>")), body)
    (document,) = rendered.documents
    assert document.value["spec"] == {
        "taskRef": {"name": "t"},
        "params": [{"name": "x", "value": f"<{value}>".replace("\ud83d", "\ufffd")}],
    }


@pytest.mark.parametrize("value", [[",", ":"], ["}],", "[{"], {"k": "v", ",": ":"}, [[["x"]]]])
def test_a_structure_of_an_event_never_ends_the_text_it_stands_in(value):
    (rendered,) = send(listener(echo("$(body.x)")), {"x": value})
    assert rendered.outcome is Outcome.FILTERED


@given(st.text())
def test_any_escaped_text_is_rendered_as_itself(text):
    value = json.dumps(text)[1:-1]
    (made,) = render(Template(resources=({"a": "$(tt.params.p)"},)), {"p": value}, "u", {})
    assert made["a"] == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@given(st.text(max_size=20))
def test_any_raw_text_is_rendered_as_one_text_or_refused(text):
    template_ = Template(resources=({"a": "($(tt.params.p))", "b": {"c": "$(tt.params.p)"}, "n": 1},))
    try:
        (made,) = render(template_, {"p": text}, "u", {})
    except Stop:
        return
    assert set(made) == {"a", "b", "n", "metadata"}
    assert made["a"] == f"({made['b']['c']})"


def test_keys_are_replaced_as_well():
    (made,) = render(Template(resources=({"$(tt.params.k)-x": 1},)), {"k": "a"}, "u", {})
    assert made["a-x"] == 1


def test_one_uid_serves_a_whole_trigger():
    trigger = echo("$(context.eventID)")
    trigger["template"] = {
        "spec": template(
            task_run(x="$(uid)-$(tt.params.x)"), task_run(x="$(uid)-$(tt.params.d)"), x=None, d="$(uid)"
        )
    }
    (rendered,) = send(listener(trigger))
    first, second = (one.value["spec"]["params"][0]["value"] for one in rendered.documents)
    uid = first.removesuffix("-event-1")
    assert len(uid) == 36
    assert second == f"{uid}-{uid}"


def test_what_is_rendered_is_labelled():
    labelled = task_run(x="1")
    labelled["metadata"]["labels"] = {"own": "1", "triggers.tekton.dev/trigger": "other"}
    trigger = {"name": "t1", "template": {"spec": template(labelled)}}
    (rendered,) = send(listener(trigger))
    assert rendered.documents[0].value["metadata"]["labels"] == {
        "own": "1",
        "triggers.tekton.dev/trigger": "t1",
        "triggers.tekton.dev/eventlistener": "el",
        "triggers.tekton.dev/triggers-eventid": "event-1",
    }


def test_a_param_without_a_value_stays_as_it_is():
    trigger = {"name": "t", "template": {"spec": template(task_run(x="$(tt.params.y)"), y=None)}}
    (rendered,) = send(listener(trigger))
    assert param(rendered) == "$(tt.params.y)"


def test_the_old_way_of_escaping_lets_a_structure_be_a_text():
    documents = [
        listener({"name": "t", "bindings": [{"name": "x", "value": "$(body.x)"}], "template": {"ref": "tt"}}),
        obj(
            "TriggerTemplate",
            "tt",
            template(task_run(x="$(tt.params.x)"), x=None),
            annotations={"triggers.tekton.dev/old-escape-quotes": "true"},
        ),
    ]
    (rendered,) = send(documents, {"x": {"name": "testing"}})
    assert json.loads(param(rendered)) == {"name": "testing"}
    (rendered,) = send(documents, {"x": 'a "demo"'})
    assert rendered.outcome is Outcome.FILTERED


def test_values_do_not_multiply_without_end():
    resources = ({str(index): "$(tt.params.p)" * 1000 for index in range(1000)},)
    with pytest.raises(Stop, match="characters"):
        render(Template(resources=resources), {"p": "x" * 1000}, "u", {})


def test_a_resource_that_is_no_mapping_breaks_the_trigger():
    with pytest.raises(Stop) as stopped:
        render(Template(resources=("text",)), {}, "u", {})
    assert stopped.value.broken


def test_the_documents_point_into_a_text_of_their_own():
    (rendered,) = send(
        listener({"name": "t", "template": {"spec": template(task_run(x="1"), task_run(x="2"))}})
    )
    assert [document.index for document in rendered.documents] == [0, 1]
    assert {document.source.name for document in rendered.documents} == {"event event-1, trigger t"}
    assert rendered.runs == 2
