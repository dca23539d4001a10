"""Tekton's pod template and the parts of a Kubernetes pod that it holds (pkg/apis/pipeline/pod)."""

from __future__ import annotations

from holkas_compat.manifest.metadata import LABEL_SELECTOR
from holkas_compat.manifest.types import (
    BOOL,
    INT32,
    INT64,
    STRING,
    STRING_MAP,
    STRINGS,
    ListOf,
    kept,
    pointer,
    struct,
    value,
)
from holkas_compat.tekton.schema.kubernetes_container import (
    APP_ARMOR_PROFILE,
    ENV_VAR,
    SE_LINUX_OPTIONS,
    SECCOMP_PROFILE,
    WINDOWS_OPTIONS,
)
from holkas_compat.tekton.schema.kubernetes_volume import LOCAL_OBJECT_REFERENCE, VOLUME

TOLERATION = struct(
    "corev1.Toleration",
    {
        "key": STRING,
        "operator": STRING,
        "value": STRING,
        "effect": STRING,
        "tolerationSeconds": pointer(INT64),
    },
)

_NODE_REQUIREMENTS = ListOf(
    struct(
        "corev1.NodeSelectorRequirement",
        {"key": kept(STRING), "operator": kept(STRING), "values": STRINGS},
    )
)

_NODE_TERM = struct(
    "corev1.NodeSelectorTerm", {"matchExpressions": _NODE_REQUIREMENTS, "matchFields": _NODE_REQUIREMENTS}
)

_POD_TERM = struct(
    "corev1.PodAffinityTerm",
    {
        "labelSelector": LABEL_SELECTOR,
        "namespaces": STRINGS,
        "topologyKey": kept(STRING),
        "namespaceSelector": LABEL_SELECTOR,
        "matchLabelKeys": STRINGS,
        "mismatchLabelKeys": STRINGS,
    },
)

_POD_AFFINITY = struct(
    "corev1.PodAffinity",
    {
        "requiredDuringSchedulingIgnoredDuringExecution": ListOf(_POD_TERM),
        "preferredDuringSchedulingIgnoredDuringExecution": ListOf(
            struct(
                "corev1.WeightedPodAffinityTerm",
                {"weight": kept(INT32), "podAffinityTerm": value(_POD_TERM)},
            )
        ),
    },
)

AFFINITY = struct(
    "corev1.Affinity",
    {
        "nodeAffinity": struct(
            "corev1.NodeAffinity",
            {
                "requiredDuringSchedulingIgnoredDuringExecution": struct(
                    "corev1.NodeSelector", {"nodeSelectorTerms": kept(ListOf(_NODE_TERM))}
                ),
                "preferredDuringSchedulingIgnoredDuringExecution": ListOf(
                    struct(
                        "corev1.PreferredSchedulingTerm",
                        {"weight": kept(INT32), "preference": value(_NODE_TERM)},
                    )
                ),
            },
        ),
        "podAffinity": _POD_AFFINITY,
        "podAntiAffinity": _POD_AFFINITY,
    },
)

POD_SECURITY_CONTEXT = struct(
    "corev1.PodSecurityContext",
    {
        "seLinuxOptions": SE_LINUX_OPTIONS,
        "windowsOptions": WINDOWS_OPTIONS,
        "runAsUser": pointer(INT64),
        "runAsGroup": pointer(INT64),
        "runAsNonRoot": pointer(BOOL),
        "supplementalGroups": ListOf(INT64),
        "supplementalGroupsPolicy": pointer(STRING),
        "fsGroup": pointer(INT64),
        "sysctls": ListOf(struct("corev1.Sysctl", {"name": kept(STRING), "value": kept(STRING)})),
        "fsGroupChangePolicy": pointer(STRING),
        "seccompProfile": SECCOMP_PROFILE,
        "appArmorProfile": APP_ARMOR_PROFILE,
        "seLinuxChangePolicy": pointer(STRING),
    },
)

DNS_CONFIG = struct(
    "corev1.PodDNSConfig",
    {
        "nameservers": STRINGS,
        "searches": STRINGS,
        "options": ListOf(struct("corev1.PodDNSConfigOption", {"name": STRING, "value": pointer(STRING)})),
    },
)

TOPOLOGY_SPREAD = struct(
    "corev1.TopologySpreadConstraint",
    {
        "maxSkew": kept(INT32),
        "topologyKey": kept(STRING),
        "whenUnsatisfiable": kept(STRING),
        "labelSelector": LABEL_SELECTOR,
        "minDomains": pointer(INT32),
        "nodeAffinityPolicy": pointer(STRING),
        "nodeTaintsPolicy": pointer(STRING),
        "matchLabelKeys": STRINGS,
    },
)

POD_TEMPLATE = struct(
    "pod.Template",
    {
        "nodeSelector": STRING_MAP,
        "env": ListOf(ENV_VAR),
        "tolerations": ListOf(TOLERATION),
        "affinity": AFFINITY,
        "securityContext": POD_SECURITY_CONTEXT,
        "volumes": ListOf(VOLUME),
        "runtimeClassName": pointer(STRING),
        "automountServiceAccountToken": pointer(BOOL),
        "dnsPolicy": pointer(STRING),
        "dnsConfig": DNS_CONFIG,
        "enableServiceLinks": pointer(BOOL),
        "priorityClassName": pointer(STRING),
        "schedulerName": STRING,
        "imagePullSecrets": ListOf(LOCAL_OBJECT_REFERENCE),
        "hostAliases": ListOf(struct("corev1.HostAlias", {"ip": kept(STRING), "hostnames": STRINGS})),
        "hostNetwork": BOOL,
        "hostUsers": pointer(BOOL),
        "topologySpreadConstraints": ListOf(TOPOLOGY_SPREAD),
    },
)
