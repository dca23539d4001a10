"""Health of Kubernetes' own kinds, of what is being deleted, and of whole applications."""

from __future__ import annotations

import json

import pytest
from holkas.gitops.health import application_health, judge
from holkas.model.health import Health, HealthStatus
from holkas.model.health import HealthStatus as S


def status(kind, spec=None, status=None, version="apps/v1", **metadata):
    health = judge(
        {
            "apiVersion": version,
            "kind": kind,
            "metadata": {"name": "x", **metadata},
            "spec": spec or {},
            "status": status or {},
        }
    )
    return None if health is None else health.status


@pytest.mark.parametrize(
    ("spec", "state", "generation", "expected"),
    [
        ({"paused": True}, {}, 1, S.SUSPENDED),
        ({}, {"observedGeneration": 1}, 2, S.PROGRESSING),
        (
            {"replicas": 1},
            {
                "observedGeneration": 1,
                "conditions": [{"type": "Progressing", "reason": "ProgressDeadlineExceeded"}],
            },
            1,
            S.DEGRADED,
        ),
        ({"replicas": 2}, {"observedGeneration": 1, "updatedReplicas": 1}, 1, S.PROGRESSING),
        (
            {"replicas": 1},
            {"observedGeneration": 1, "updatedReplicas": 1, "replicas": 2},
            1,
            S.PROGRESSING,
        ),
        (
            {"replicas": 1},
            {"observedGeneration": 1, "updatedReplicas": 1, "replicas": 1},
            1,
            S.PROGRESSING,
        ),
        (
            {"replicas": 1},
            {"observedGeneration": 1, "updatedReplicas": 1, "replicas": 1, "availableReplicas": 1},
            1,
            S.HEALTHY,
        ),
    ],
)
def test_deployment(spec, state, generation, expected):
    assert status("Deployment", spec, state, generation=generation) is expected


@pytest.mark.parametrize(
    ("spec", "state", "expected"),
    [
        ({}, {}, S.PROGRESSING),
        ({"replicas": 2}, {"observedGeneration": 1, "readyReplicas": 1}, S.PROGRESSING),
        (
            {"replicas": 2, "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 1}}},
            {"observedGeneration": 1, "readyReplicas": 2},
            S.PROGRESSING,
        ),
        (
            {"replicas": 2, "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 1}}},
            {"observedGeneration": 1, "readyReplicas": 2, "updatedReplicas": 1},
            S.HEALTHY,
        ),
        (
            {"updateStrategy": {"type": "OnDelete"}},
            {"observedGeneration": 1, "updateRevision": "b"},
            S.HEALTHY,
        ),
        ({}, {"observedGeneration": 1, "updateRevision": "b", "currentRevision": "a"}, S.PROGRESSING),
        ({}, {"observedGeneration": 1, "updateRevision": "b", "currentRevision": "b"}, S.HEALTHY),
    ],
)
def test_stateful_set(spec, state, expected):
    assert status("StatefulSet", spec, state, generation=1) is expected


@pytest.mark.parametrize(
    ("spec", "state", "expected"),
    [
        ({}, {"observedGeneration": 0}, S.PROGRESSING),
        (
            {"updateStrategy": {"type": "OnDelete"}},
            {"observedGeneration": 1, "desiredNumberScheduled": 2},
            S.HEALTHY,
        ),
        (
            {},
            {"observedGeneration": 1, "desiredNumberScheduled": 2, "updatedNumberScheduled": 1},
            S.PROGRESSING,
        ),
        (
            {},
            {
                "observedGeneration": 1,
                "desiredNumberScheduled": 2,
                "updatedNumberScheduled": 2,
                "numberAvailable": 1,
            },
            S.PROGRESSING,
        ),
        ({}, {"observedGeneration": 1}, S.HEALTHY),
    ],
)
def test_daemon_set(spec, state, expected):
    assert status("DaemonSet", spec, state, generation=1) is expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({}, S.PROGRESSING),
        (
            {"observedGeneration": 1, "conditions": [{"type": "ReplicaFailure", "status": "True"}]},
            S.DEGRADED,
        ),
        ({"observedGeneration": 1}, S.PROGRESSING),
        ({"observedGeneration": 1, "availableReplicas": 1}, S.HEALTHY),
    ],
)
def test_replica_set(state, expected):
    assert status("ReplicaSet", {"replicas": 1}, state, generation=1) is expected


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ([], S.PROGRESSING),
        ([("Complete", "True")], S.HEALTHY),
        ([("Complete", "True"), ("Failed", "True")], S.DEGRADED),
        ([("Suspended", "True")], S.SUSPENDED),
        ([("Suspended", "False")], S.PROGRESSING),
    ],
)
def test_job(conditions, expected):
    state = {"conditions": [{"type": kind, "status": value} for kind, value in conditions]}
    assert status("Job", {}, state, version="batch/v1") is expected


@pytest.mark.parametrize(
    ("policy", "state", "expected"),
    [
        ("Always", {"phase": "Pending"}, S.PROGRESSING),
        ("Always", {"phase": "Succeeded"}, S.HEALTHY),
        ("Always", {"phase": "Strange"}, S.UNKNOWN),
        (
            "Always",
            {"phase": "Running", "containerStatuses": [{"state": {"waiting": {"reason": "ErrImagePull"}}}]},
            S.DEGRADED,
        ),
        (
            "Never",
            {
                "phase": "Running",
                "containerStatuses": [{"state": {"waiting": {"reason": "ImagePullBackOff"}}}],
            },
            S.PROGRESSING,
        ),
        (
            "Always",
            {"phase": "Running", "containerStatuses": [{"lastState": {"terminated": {}}}]},
            S.DEGRADED,
        ),
        ("Always", {"phase": "Running"}, S.PROGRESSING),
        ("Always", {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}, S.HEALTHY),
        ("Other", {"phase": "Running"}, S.UNKNOWN),
    ],
)
def test_pod(policy, state, expected):
    assert status("Pod", {"restartPolicy": policy}, state, version="v1") is expected


@pytest.mark.parametrize(
    ("ended", "message"),
    [
        ({"message": "no"}, "no"),
        ({"reason": "OOMKilled"}, "OOMKilled"),
        ({"exitCode": 3}, 'container "c" failed with exit code 3'),
        ({}, ""),
    ],
)
def test_a_failed_pod_says_why(ended, message):
    state = {"phase": "Failed", "containerStatuses": [{"name": "c", "state": {"terminated": ended}}]}
    health = judge({"apiVersion": "v1", "kind": "Pod", "status": state})
    assert health == Health(status=S.DEGRADED, message=message)


@pytest.mark.parametrize(
    ("phase", "expected"),
    [("Bound", S.HEALTHY), ("Lost", S.DEGRADED), ("Pending", S.PROGRESSING), ("", S.UNKNOWN)],
)
def test_claims(phase, expected):
    assert status("PersistentVolumeClaim", {}, {"phase": phase}, version="v1") is expected


@pytest.mark.parametrize(
    ("phase", "expected"),
    [("", S.PROGRESSING), ("Succeeded", S.HEALTHY), ("Error", S.DEGRADED), ("Other", S.UNKNOWN)],
)
def test_workflow(phase, expected):
    assert status("Workflow", {}, {"phase": phase}, version="argoproj.io/v1alpha1") is expected


def test_autoscaler_of_version_1_keeps_its_conditions_in_an_annotation():
    def judged(text):
        return status(
            "HorizontalPodAutoscaler",
            version="autoscaling/v1",
            annotations={"autoscaling.alpha.kubernetes.io/conditions": text},
        )

    good = json.dumps([{"type": "ScalingLimited", "status": "True", "reason": "TooFewReplicas"}])
    assert judged(good) is S.HEALTHY
    assert judged("[]") is S.PROGRESSING
    assert judged("{") is S.UNKNOWN


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ([], S.PROGRESSING),
        ([("AbleToScale", "True", "ReadyForNewScale")], S.HEALTHY),
        ([("AbleToScale", "False", "BackoffBoth")], S.PROGRESSING),
        ([("ScalingActive", "True", "ValidMetricFound")], S.PROGRESSING),
        ([("ScalingLimited", "True", "TooManyReplicas")], S.HEALTHY),
        ([("AbleToScale", "False", "FailedGetScale")], S.DEGRADED),
        ([("AbleToScale", "True", "x"), ("ScalingActive", "False", "FailedGetObjectMetric")], S.DEGRADED),
        ([("AbleToScale", "True", "x"), ("ScalingActive", "False", "ScalingDisabled")], S.HEALTHY),
    ],
)
def test_autoscaler(conditions, expected):
    state = {
        "conditions": [{"type": kind, "status": value, "reason": why} for kind, value, why in conditions]
    }
    assert status("HorizontalPodAutoscaler", {}, state, version="autoscaling/v2") is expected


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, S.PROGRESSING),
        ({"Terminating": "True"}, S.PROGRESSING),
        ({"NamesAccepted": "False"}, S.DEGRADED),
        ({"Established": "False"}, S.DEGRADED),
        ({"Established": "True", "NonStructuralSchema": "True"}, S.DEGRADED),
        ({"Established": "True", "NamesAccepted": "True"}, S.HEALTHY),
    ],
)
def test_custom_resource_definition(conditions, expected):
    state = {"conditions": [{"type": kind, "status": value} for kind, value in conditions.items()]}
    version = "apiextensions.k8s.io/v1"
    assert status("CustomResourceDefinition", {}, state, version=version) is expected


@pytest.mark.parametrize(
    ("kind", "spec", "given", "expected"),
    [
        ("Service", {"type": "ClusterIP"}, [], S.HEALTHY),
        ("Service", {"type": "LoadBalancer"}, [], S.PROGRESSING),
        ("Service", {"type": "LoadBalancer"}, [{"ip": "192.0.2.1"}], S.HEALTHY),
        ("Ingress", {}, [], S.PROGRESSING),
        ("Ingress", {}, [{"hostname": "a.example"}], S.HEALTHY),
    ],
)
def test_what_needs_an_address_waits_for_it(kind, spec, given, expected):
    version = "v1" if kind == "Service" else "networking.k8s.io/v1"
    assert status(kind, spec, {"loadBalancer": {"ingress": given}}, version) is expected


@pytest.mark.parametrize(("available", "expected"), [("True", S.HEALTHY), ("False", S.PROGRESSING)])
def test_api_service(available, expected):
    conditions = [{"type": "Available", "status": available, "reason": "R", "message": "m"}]
    version = "apiregistration.k8s.io/v1"
    assert status("APIService", {}, {"conditions": conditions}, version) is expected


def test_kinds_without_health_and_api_services():
    assert status("ConfigMap", version="v1") is None
    assert status("APIService", version="apiregistration.k8s.io/v1") is S.PROGRESSING
    assert status("Service", version="v1") is S.HEALTHY


def test_what_is_being_deleted_is_progressing_but_a_held_hook_is_judged():
    gone = {"version": "v1", "deletionTimestamp": "2024-01-01T00:00:00Z"}
    assert status("ConfigMap", **gone) is S.PROGRESSING
    held = gone | {"finalizers": ["argocd.argoproj.io/hook-finalizer"]}
    assert status("Service", **held) is S.HEALTHY


def test_a_users_check_comes_first():
    manifest = {"apiVersion": "v1", "kind": "Service"}
    mine = Health(status=S.DEGRADED, message="mine")
    assert judge(manifest, lambda _: mine) is mine
    assert judge(manifest, lambda _: None) == Health(status=S.HEALTHY)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([], HealthStatus.HEALTHY),
        ([None, None], HealthStatus.HEALTHY),
        ([S.HEALTHY, S.SUSPENDED], S.SUSPENDED),
        ([S.MISSING, S.HEALTHY], S.HEALTHY),
        ([S.MISSING, S.MISSING], S.MISSING),
        ([S.MISSING, None], S.HEALTHY),
        ([S.DEGRADED, S.UNKNOWN, S.PROGRESSING], S.UNKNOWN),
    ],
)
def test_an_application_is_as_its_worst_resource(parts, expected):
    assert application_health(parts) is expected
