"""The rules of custom kinds, by the shape of what they say of themselves."""

from __future__ import annotations

import pytest
from holkas.gitops.health.judge import judge_state
from holkas.gitops.health.rules.catalog import builtin_catalog, ruling
from holkas.gitops.health.rules.language import parse_line
from holkas.model.health import HealthStatus
from hypothesis import given, settings
from hypothesis import strategies as st

UNOBSERVED = ".status.observedGeneration!=.metadata.generation"

KINDS = sorted(builtin_catalog().exact)
OBSERVED = [
    name for name in KINDS if str(builtin_catalog().lines(*name.split("/"))[0]).startswith(UNOBSERVED)
]

CONDITIONS = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(
                ["Ready", "Synced", "Available", "Degraded", "Progressing", "Stalled", "Failed", "Accepted"]
            ),
            "status": st.sampled_from(["True", "False", "Unknown", ""]),
        },
        optional={
            "reason": st.sampled_from(["Failed", "Progressing", "Creating"]),
            "severity": st.sampled_from(["Info", "Error"]),
            "observedGeneration": st.sampled_from([1, 2]),
        },
    ),
    max_size=4,
)


def resource(name, status=None, generation=None, spec=None):
    group, _, kind = name.partition("/")
    metadata = {"name": "a"} if generation is None else {"name": "a", "generation": generation}
    status = {} if status is None else {"status": status}
    return {"apiVersion": f"{group}/v1", "kind": kind, "metadata": metadata, "spec": spec or {}, **status}


def conditions(text, **more):
    """``Type=Status/Reason`` words, with spaces between, as the list of conditions."""
    result = []
    for word in text.split():
        kind, _, rest = word.partition("=")
        status, _, reason = rest.partition("/")
        result.append({"type": kind, "status": status, "reason": reason, **more})
    return result


def status_of(manifest):
    health = judge_state(manifest)
    return None if health is None else health.status.value


@given(name=st.sampled_from(KINDS), found=CONDITIONS, generation=st.sampled_from([None, 1, 2]))
@settings(max_examples=300)
def test_whatever_a_kind_with_rules_says_it_has_a_health(name, found, generation):
    assert status_of(resource(name, {"conditions": found}, generation)) is not None


@given(name=st.sampled_from(OBSERVED), found=CONDITIONS)
def test_what_a_controller_said_of_an_older_spec_does_not_count(name, found):
    status = {"conditions": found, "observedGeneration": 1}
    assert status_of(resource(name, status, generation=2)) == "Progressing"


@given(found=CONDITIONS)
def test_in_turn_is_the_answer_to_the_first_condition_that_has_one(found):
    rule = parse_line(
        ["Stalled=True -> Degraded", "Progressing=True -> Progressing", "Ready=True -> Healthy"]
    )
    alone = [rule({"status": {"conditions": [one]}}) for one in found]
    assert rule({"status": {"conditions": found}}) == next((one for one in alone if one is not None), None)


@pytest.mark.parametrize(
    ("name", "found", "expected"),
    [
        # The conventions of one condition.
        ("cert-manager.io/Issuer", "Ready=True", "Healthy"),
        ("cert-manager.io/Issuer", "Ready=False", "Degraded"),
        ("cert-manager.io/Issuer", "Ready=Unknown", "Progressing"),
        ("cert-manager.io/Issuer", "", "Progressing"),
        # What is under way comes before an old failure.
        ("cert-manager.io/Certificate", "Ready=False Issuing=True", "Progressing"),
        ("cert-manager.io/Certificate", "Ready=False Issuing=False", "Degraded"),
        # Ready that is Unknown.
        ("promoter.argoproj.io/ScmProvider", "Ready=Unknown", "Progressing"),
        ("promoter.argoproj.io/PullRequest", "Ready=Unknown", "Healthy"),
        ("promoter.argoproj.io/PullRequest", "Other=True", "Progressing"),
        # The first condition decides, whichever of the rules speaks of it.
        ("pulumi.com/Stack", "Ready=True Stalled=True", "Healthy"),
        ("pulumi.com/Stack", "Stalled=True Ready=True", "Degraded"),
        # A kind that only a wildcard names.
        ("kafka.strimzi.io/KafkaAnything", "Ready=True", "Healthy"),
        ("kafka.strimzi.io/KafkaAnything", "NotReady=True/Creating", "Degraded"),
        ("kafka.strimzi.io/Kafka", "NotReady=True/Creating", "Progressing"),
        ("nobody.example/Thing", "Ready=False", None),
    ],
)
def test_conditions(name, found, expected):
    assert status_of(resource(name, {"conditions": conditions(found)})) == expected


def test_severity_info_leaves_the_word_to_the_phase():
    for severity, expected in [("Info", "Healthy"), ("Warning", "Degraded"), ("Error", "Degraded")]:
        status = {"phase": "Provisioned", "conditions": conditions("Ready=False", severity=severity)}
        assert status_of(resource("cluster.x-k8s.io/Cluster", status)) == expected


@pytest.mark.parametrize(
    ("parents", "expected"),
    [
        ([], "Progressing"),
        ([("", 2)], "Progressing"),
        ([("Accepted=True", 2)], "Healthy"),
        ([("Accepted=True", None)], "Healthy"),
        ([("Accepted=True ResolvedRefs=False", 2)], "Degraded"),
        ([("Accepted=True Programmed=Unknown", 2)], "Progressing"),
        ([("Accepted=False", 1)], "Progressing"),
        ([("Accepted=False", 1), ("Accepted=True", 2)], "Healthy"),
        ([("Accepted=True", 2), ("Accepted=False", 2)], "Degraded"),
    ],
)
def test_a_route_is_as_the_parents_that_speak_of_its_newest_spec(parents, expected):
    status = {
        "parents": [
            {"conditions": conditions(text, **({} if seen is None else {"observedGeneration": seen}))}
            for text, seen in parents
        ]
    }
    assert status_of(resource("gateway.networking.k8s.io/HTTPRoute", status, generation=2)) == expected


@pytest.mark.parametrize(
    ("ancestors", "expected"),
    [
        (["Accepted=True ResolvedRefs=True"], "Healthy"),
        (["Accepted=True ResolvedRefs=False"], "Degraded"),
        (["Accepted=False/TargetNotFound", "Accepted=True"], "Healthy"),
        (["Accepted=False/TargetNotFound"], "Degraded"),
        (["Accepted=False/Conflicted", "Accepted=True"], "Degraded"),
    ],
)
def test_a_policy_that_one_controller_accepts_may_be_unknown_to_another(ancestors, expected):
    status = {"ancestors": [{"conditions": conditions(text)} for text in ancestors]}
    assert status_of(resource("gateway.networking.k8s.io/BackendTLSPolicy", status)) == expected


@pytest.mark.parametrize(
    ("valid", "seen", "spec", "expected"),
    [
        ("True", 2, {}, "Healthy"),
        ("False", 2, {}, "Degraded"),
        ("False", 2, {"includes": [{"name": "child"}]}, "Healthy"),
        ("True", 1, {}, "Progressing"),
    ],
)
def test_a_proxy_does_not_wait_for_what_waits_for_it(valid, seen, spec, expected):
    status = {"conditions": conditions(f"Valid={valid}", observedGeneration=seen)}
    assert status_of(resource("projectcontour.io/HTTPProxy", status, 2, spec)) == expected


@pytest.mark.parametrize(
    ("spec", "running", "expected"),
    [
        ({"executor": {"instances": 2}}, 2, "Healthy"),
        ({"executor": {"instances": 2}}, 1, "Progressing"),
        ({"executor": {}}, 1, "Healthy"),
        ({"executor": {}}, 0, "Progressing"),
        ({"dynamicAllocation": {"enabled": True, "minExecutors": 1, "maxExecutors": 3}}, 3, "Healthy"),
        ({"dynamicAllocation": {"enabled": True, "minExecutors": 1, "maxExecutors": 3}}, 4, "Progressing"),
        (
            {
                "sparkConf": {
                    "spark.dynamicAllocation.enabled": "true",
                    "spark.dynamicAllocation.minExecutors": "2",
                }
            },
            1,
            "Progressing",
        ),
        (
            {
                "sparkConf": {
                    "spark.dynamicAllocation.enabled": "true",
                    "spark.dynamicAllocation.minExecutors": "2",
                }
            },
            2,
            "Healthy",
        ),
    ],
)
def test_a_spark_application_that_runs_needs_its_executors(spec, running, expected):
    executors = {"lost": "FAILED", **{f"exec-{number}": "RUNNING" for number in range(running)}}
    status = {"applicationState": {"state": "RUNNING"}, "executorState": executors}
    assert status_of(resource("sparkoperator.k8s.io/SparkApplication", status, spec=spec)) == expected


def test_the_rules_of_a_kind_are_read_once():
    assert ruling("cert-manager.io", "Issuer") is ruling("cert-manager.io", "Issuer")
    assert HealthStatus(status_of(resource("cert-manager.io/Issuer"))) is HealthStatus.PROGRESSING
