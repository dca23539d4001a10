"""The namespace that is written into a resource, and the name that it then has.

Source: Argo CD, reposerver/repository (GenerateManifests); gitops-engine, util/kube (IsNamespacedOrUnknown).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_CLUSTER_WIDE = frozenset(
    {
        ("", "ComponentStatus"), ("", "Namespace"), ("", "Node"), ("", "PersistentVolume"),
        ("admissionregistration.k8s.io", "MutatingAdmissionPolicy"),
        ("admissionregistration.k8s.io", "MutatingAdmissionPolicyBinding"),
        ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"),
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"),
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
        ("apiextensions.k8s.io", "CustomResourceDefinition"), ("apiregistration.k8s.io", "APIService"),
        ("authentication.k8s.io", "SelfSubjectReview"), ("authentication.k8s.io", "TokenReview"),
        ("authorization.k8s.io", "SelfSubjectAccessReview"), ("authorization.k8s.io", "SelfSubjectRulesReview"),
        ("authorization.k8s.io", "SubjectAccessReview"), ("certificates.k8s.io", "CertificateSigningRequest"),
        ("certificates.k8s.io", "ClusterTrustBundle"), ("flowcontrol.apiserver.k8s.io", "FlowSchema"),
        ("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration"), ("networking.k8s.io", "IngressClass"),
        ("networking.k8s.io", "IPAddress"), ("networking.k8s.io", "ServiceCIDR"), ("node.k8s.io", "RuntimeClass"),
        ("policy", "PodSecurityPolicy"), ("rbac.authorization.k8s.io", "ClusterRole"),
        ("rbac.authorization.k8s.io", "ClusterRoleBinding"), ("resource.k8s.io", "DeviceClass"),
        ("resource.k8s.io", "ResourceSlice"), ("scheduling.k8s.io", "PriorityClass"),
        ("storage.k8s.io", "CSIDriver"), ("storage.k8s.io", "CSINode"), ("storage.k8s.io", "StorageClass"),
        ("storage.k8s.io", "VolumeAttachment"), ("storage.k8s.io", "VolumeAttributesClass"),
        # Of projects that nearly every cluster has; a CustomResourceDefinition among the manifests says it for others.
        ("cert-manager.io", "ClusterIssuer"), ("gateway.networking.k8s.io", "GatewayClass"),
        ("kyverno.io", "ClusterPolicy"), ("external-secrets.io", "ClusterSecretStore"),
        ("external-secrets.io", "ClusterExternalSecret"), ("snapshot.storage.k8s.io", "VolumeSnapshotClass"),
        ("tekton.dev", "ClusterTask"), ("triggers.tekton.dev", "ClusterTriggerBinding"),
        ("triggers.tekton.dev", "ClusterInterceptor"),
    }
)  # fmt: skip


def group_of(manifest: Mapping[str, Any]) -> str:
    """The API group, empty for the core's."""
    group, slash, _ = str(manifest.get("apiVersion") or "").rpartition("/")
    return group if slash else ""


def scopes_of(manifests: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], bool]:
    """Group and kind → whether namespaced, for the custom kinds that are defined among these."""
    found: dict[tuple[str, str], bool] = {}
    for manifest in manifests:
        if manifest.get("kind") == "CustomResourceDefinition" and isinstance(manifest.get("spec"), Mapping):
            spec = manifest["spec"]
            names = spec.get("names") if isinstance(spec.get("names"), Mapping) else {}
            found[(str(spec.get("group")), str(names.get("kind")))] = spec.get("scope") != "Cluster"
    return found


def with_namespace(
    manifest: dict[str, Any], namespace: str, scopes: Mapping[tuple[str, str], bool]
) -> dict[str, Any]:
    """The manifest in the destination's namespace where it names none; without one where its kind has none."""
    key = (group_of(manifest), str(manifest.get("kind")))
    namespaced = scopes.get(key, key not in _CLUSTER_WIDE)
    metadata = manifest.get("metadata")
    fields = dict(metadata) if isinstance(metadata, Mapping) else {}
    if namespaced and namespace and not fields.get("namespace"):
        fields["namespace"] = namespace
    elif not namespaced:
        fields.pop("namespace", None)
    return manifest | {"metadata": fields}


def name_of(manifest: Mapping[str, Any]) -> str:
    """``group/Kind:namespace/name``."""
    metadata = manifest["metadata"]
    name = metadata.get("name") or f"{metadata.get('generateName', '')}*"
    return f"{group_of(manifest)}/{manifest.get('kind')}:{metadata.get('namespace') or ''}/{name}"
