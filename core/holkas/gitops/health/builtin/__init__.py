"""Health of the kinds that Kubernetes itself brings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from holkas.gitops.health.builtin.api import api_service, custom_resource_definition
from holkas.gitops.health.builtin.autoscaler import horizontal_pod_autoscaler
from holkas.gitops.health.builtin.jobs import job, workflow
from holkas.gitops.health.builtin.network import ingress, service
from holkas.gitops.health.builtin.pods import pod
from holkas.gitops.health.builtin.storage import persistent_volume_claim
from holkas.gitops.health.builtin.workloads import daemon_set, deployment, replica_set, stateful_set
from holkas.model.health import Health

HealthCheck = Callable[[Mapping[str, Any]], Health]

CHECKS: Mapping[tuple[str, str], HealthCheck] = {
    ("apps", "Deployment"): deployment,
    ("apps", "ReplicaSet"): replica_set,
    ("apps", "StatefulSet"): stateful_set,
    ("apps", "DaemonSet"): daemon_set,
    ("extensions", "Deployment"): deployment,
    ("extensions", "ReplicaSet"): replica_set,
    ("extensions", "DaemonSet"): daemon_set,
    ("extensions", "Ingress"): ingress,
    ("networking.k8s.io", "Ingress"): ingress,
    ("", "Service"): service,
    ("", "PersistentVolumeClaim"): persistent_volume_claim,
    ("", "Pod"): pod,
    ("batch", "Job"): job,
    ("argoproj.io", "Workflow"): workflow,
    ("autoscaling", "HorizontalPodAutoscaler"): horizontal_pod_autoscaler,
    ("apiregistration.k8s.io", "APIService"): api_service,
    ("apiextensions.k8s.io", "CustomResourceDefinition"): custom_resource_definition,
}
"""By group and kind."""
