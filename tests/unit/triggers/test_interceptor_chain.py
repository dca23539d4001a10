"""GitHub, GitLab, Bitbucket and Slack; chains; what only a cluster has."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest
from holkas.extensions.trigger import Outcome

from tests.unit.triggers.documents import echo, interceptor, listener, obj, param, send, task_run, template

SECRETS = {("hook", "token"): "correct horse"}
BODY = json.dumps({"x": "1"}).encode()
REF = {"secretName": "hook", "secretKey": "token"}


def sign(algorithm: str = "sha256", body: bytes = BODY, secret: str = "correct horse") -> str:
    return f"{algorithm}={hmac.new(secret.encode(), body, algorithm).hexdigest()}"


def outcome(*interceptors, body=BODY, secrets=SECRETS, documents=(), **headers):
    trigger = echo("$(body.x)", interceptors=list(interceptors))
    (rendered,) = send([listener(trigger), *documents], body, secrets=secrets, **headers)
    return rendered.outcome, rendered.reason


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha512"])
def test_github_takes_a_right_signature(algorithm):
    name = "X_Hub_Signature_256" if algorithm == "sha256" else "X_Hub_Signature"
    assert outcome(interceptor("github", secretRef=REF), **{name: sign(algorithm)})[0] is Outcome.STARTS


@pytest.mark.parametrize(
    "signature",
    [
        sign(secret="wrong"),
        sign(body=b"{}"),
        sign()[:-2],
        sign() + "00",
        sign().removeprefix("sha256="),
        "md5=" + hashlib.md5(BODY).hexdigest(),
        "sha256=",
        "sha256=zz",
        "sha256=" + "٣" * 64,
        "sha1=" + sign()[7:],
        "\x00",
    ],
)
def test_github_takes_no_other(signature):
    got, reason = outcome(interceptor("github", secretRef=REF), X_Hub_Signature_256=signature)
    assert got is Outcome.FILTERED
    assert "signature" in reason
    assert "correct horse" not in reason


def test_the_newer_signature_of_github_counts_alone():
    headers = {"X_Hub_Signature_256": "sha256=00", "X_Hub_Signature": sign("sha1")}
    assert outcome(interceptor("github", secretRef=REF), **headers)[1] == "the signature is wrong"


def test_github_wants_a_signature():
    assert "X-Hub-Signature-256" in outcome(interceptor("github", secretRef=REF))[1]


def test_github_s_forms_are_turned_away():
    got = outcome(interceptor("github"), Content_Type="application/x-www-form-urlencoded")
    assert "application/json" in got[1]


@pytest.mark.parametrize(
    ("name", "header"),
    [("github", "X_GitHub_Event"), ("gitlab", "X_Gitlab_Event"), ("bitbucket", "X_Event_Key")],
)
def test_types_of_events_are_chosen(name, header):
    wanted = interceptor(name, eventTypes=["push", "Push Hook"])
    assert outcome(wanted, **{header: "push"})[0] is Outcome.STARTS
    assert outcome(wanted, **{header: "Push Hook"})[0] is Outcome.STARTS
    assert outcome(wanted, **{header: "ping"})[0] is Outcome.FILTERED
    assert outcome(wanted)[0] is Outcome.FILTERED
    assert outcome(interceptor(name, eventTypes=[]), **{header: "push"})[0] is Outcome.FILTERED
    assert outcome(interceptor(name))[0] is Outcome.STARTS


def test_gitlab_compares_its_token():
    wanted = interceptor("gitlab", secretRef=REF)
    assert outcome(wanted, X_Gitlab_Token="correct horse")[0] is Outcome.STARTS
    assert outcome(wanted, X_Gitlab_Token="correct hors")[1] == "the X-Gitlab-Token is wrong"
    assert outcome(wanted, X_Gitlab_Token="körrekt")[1] == "the X-Gitlab-Token is wrong"
    assert outcome(wanted)[1] == "the event has no X-Gitlab-Token"


def test_bitbucket_checks_its_signature():
    wanted = interceptor("bitbucket", secretRef=REF)
    assert outcome(wanted, X_Hub_Signature=sign())[0] is Outcome.STARTS
    assert outcome(wanted, X_Hub_Signature=sign(secret="x"))[0] is Outcome.FILTERED
    assert outcome(wanted)[1] == "the event has no X-Hub-Signature"


@pytest.mark.parametrize("name", ["github", "gitlab", "bitbucket"])
@pytest.mark.parametrize(
    ("ref", "secrets", "said"),
    [
        ({"secretName": "hook"}, SECRETS, "no secretKey"),
        (REF, {}, "there is no secret hook with a key token"),
        ({**REF, "secretKey": "other"}, SECRETS, "there is no secret hook with a key other"),
        (REF, {("hook", "token"): ""}, "the secret hook has an empty token"),
    ],
)
def test_without_its_secret_no_event_passes(name, ref, secrets, said):
    empty = "sha256=" + hmac.new(b"", BODY, "sha256").hexdigest()
    headers = {"X_Hub_Signature": empty, "X_Hub_Signature_256": empty, "X_Gitlab_Token": ""}
    got, reason = outcome(interceptor(name, secretRef=ref), secrets=secrets, **headers)
    assert got is Outcome.FAILED
    assert said in reason


def test_secrets_come_from_documents_and_given_ones_win():
    document = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "hook"},
        "data": {"token": "Y29ycmVjdCBob3JzZQ=="},
        "stringData": {"other": "o"},
    }
    wanted = interceptor("gitlab", secretRef=REF)
    right = outcome(wanted, secrets={}, documents=[document], X_Gitlab_Token="correct horse")
    assert right[0] is Outcome.STARTS
    given = {("hook", "token"): "given"}
    assert outcome(wanted, secrets=given, documents=[document], X_Gitlab_Token="given")[0] is Outcome.STARTS
    broken = {**document, "data": {"token": "%%%"}}
    assert outcome(wanted, secrets={}, documents=[broken], X_Gitlab_Token="x")[0] is Outcome.FAILED


def test_slack_gives_the_fields_of_its_form():
    wanted = echo("$(extensions.text[0])", interceptors=[interceptor("slack", requestedFields=["text"])])
    own = listener(wanted, annotations={"tekton.dev/payload-validation": "false"})
    form = {"Content_Type": "application/x-www-form-urlencoded", "X_Slack_Signature": "v0=x"}
    (rendered,) = send(own, b"text=deploy+it&user=me", **form)
    assert param(rendered) == "deploy it"
    for body, headers, said in [
        (b"user=me", form, "no field text"),
        (b"text=1", {}, "no form"),
        (b"&".join(b"a=%d" % number for number in range(1100)), form, "1000 fields"),
    ]:
        (rendered,) = send(own, body, **headers)
        assert said in rendered.reason
    (rendered,) = send(listener(echo("1", interceptors=[interceptor("slack")])), {"text": 1}, **form)
    assert "requestedFields" in rendered.reason


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"ref": {"name": "mine"}}, "interceptor mine is a service of the cluster"),
        ({"ref": {"name": "cel", "kind": "NamespacedInterceptor"}}, "interceptor cel is a service"),
        (
            {"webhook": {"objectRef": {"kind": "Service", "apiVersion": "v1", "name": "s"}}},
            "a webhook interceptor is a service",
        ),
        (interceptor("github", addChangedFiles={"enabled": True}), "addChangedFiles asks GitHub"),
        (interceptor("github", githubOwners={"enabled": True}), "githubOwners asks GitHub"),
        (interceptor("github", eventTypes="push"), "the params of interceptor github cannot be read"),
    ],
)
def test_what_cannot_be_done_here_is_said(wanted, said):
    got, reason = outcome(wanted, X_GitHub_Event="pull_request")
    assert got is Outcome.FAILED
    assert said in reason


def test_an_unknown_param_is_ignored_and_changed_files_of_other_events_are_none():
    wanted = interceptor("github", addChangedFiles={"enabled": True}, nonsense=1)
    assert outcome(wanted, X_GitHub_Event="release")[0] is Outcome.STARTS


def test_the_old_form_of_v1alpha1_means_the_same():
    old = echo("$(extensions.b)")
    old["interceptors"] = [
        {"github": {"secretRef": REF, "eventTypes": ["push"]}},
        {"cel": {"filter": "body.x == '1'", "overlays": [{"key": "b", "expression": "'new'"}]}},
    ]
    own = obj("EventListener", "el", {"triggers": [old]}, version="triggers.tekton.dev/v1alpha1")
    headers = {"X_GitHub_Event": "push", "X_Hub_Signature_256": sign()}
    (rendered,) = send(own, BODY, secrets=SECRETS, **headers)
    assert param(rendered) == "new"
    (rendered,) = send(own, BODY, secrets=SECRETS, X_GitHub_Event="push")
    assert rendered.outcome is Outcome.FILTERED


def test_a_later_interceptor_sees_and_replaces_what_an_earlier_one_added():
    def overlay(key, expression):
        return interceptor("cel", overlays=[{"key": key, "expression": expression}])

    trigger = echo(
        "$(extensions.a)$(extensions.b)",
        interceptors=[overlay("a", "'1'"), overlay("b", "extensions.a + '2'"), overlay("a", "'3'")],
    )
    (rendered,) = send(listener(trigger))
    assert param(rendered) == "312"


def test_triggers_are_found_by_reference_labels_and_groups():
    def trigger(name, **metadata):
        spec = {
            "bindings": [{"name": "x", "value": "$(extensions.from)"}],
            "template": {"spec": template(task_run(x="$(tt.params.x)"), x="nowhere")},
        }
        return obj("Trigger", name, spec, **metadata)

    group = {
        "name": "g",
        "interceptors": [
            interceptor("cel", filter="body.go", overlays=[{"key": "from", "expression": "'group'"}])
        ],
        "triggerSelector": {"labelSelector": {"matchExpressions": [{"key": "in", "operator": "Exists"}]}},
    }
    own = obj(
        "EventListener",
        "el",
        {
            "triggers": [{"triggerRef": "plain"}, {"triggerRef": "gone"}],
            "triggerGroups": [group],
            "labelSelector": {"matchLabels": {"team": "a"}},
        },
    )
    documents = [
        own,
        trigger("plain"),
        trigger("of-team", labels={"team": "a"}),
        trigger("elsewhere", labels={"team": "a"}, namespace="other"),
        trigger("grouped", labels={"in": "g"}),
        trigger("grouped-too", labels={"in": "g"}),
    ]
    documents[0]["spec"]["triggers"].pop()
    found = {one.trigger: one for one in send(documents, {"go": True})}
    assert list(found) == ["of-team", "plain", "grouped", "grouped-too"]
    assert param(found["plain"]) == "nowhere"
    assert param(found["grouped"]) == param(found["grouped-too"]) == "group"
    found = {one.trigger: one.outcome for one in send(documents, {"go": False})}
    assert found["grouped"] is found["grouped-too"] is Outcome.FILTERED
    assert found["plain"] is Outcome.STARTS
