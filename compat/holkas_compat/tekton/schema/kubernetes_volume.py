"""Kubernetes' volumes (k8s.io/api/core/v1, Volume and its sources)."""

from __future__ import annotations

from holkas_compat.manifest.metadata import LABEL_SELECTOR
from holkas_compat.manifest.types import (
    BOOL,
    INT32,
    INT64,
    QUANTITY,
    STRING,
    STRING_MAP,
    ListOf,
    kept,
    pointer,
    struct,
)
from holkas_compat.tekton.schema.kubernetes_claim import CLAIM_TEMPLATE
from holkas_compat.tekton.schema.kubernetes_container import FIELD_REF, RESOURCE_FIELD_REF
from holkas_compat.tekton.schema.kubernetes_old_volumes import (
    AWS_DISK,
    AZURE_DISK,
    AZURE_FILE,
    CEPH_FS,
    CINDER,
    FC,
    FLEX_VOLUME,
    FLOCKER,
    GCE_DISK,
    GIT_REPO,
    GLUSTERFS,
    ISCSI,
    PHOTON_DISK,
    PORTWORX,
    QUOBYTE,
    RBD,
    SCALE_IO,
    STORAGE_OS,
    VSPHERE_VOLUME,
)

LOCAL_OBJECT_REFERENCE = struct("corev1.LocalObjectReference", {"name": STRING})

_KEYS_TO_PATHS = ListOf(
    struct("corev1.KeyToPath", {"key": kept(STRING), "path": kept(STRING), "mode": pointer(INT32)})
)

EMPTY_DIR = struct("corev1.EmptyDirVolumeSource", {"medium": STRING, "sizeLimit": QUANTITY})

SECRET_VOLUME = struct(
    "corev1.SecretVolumeSource",
    {
        "secretName": STRING,
        "items": _KEYS_TO_PATHS,
        "defaultMode": pointer(INT32),
        "optional": pointer(BOOL),
    },
)

CONFIG_MAP_VOLUME = struct(
    "corev1.ConfigMapVolumeSource",
    {
        "name": STRING,
        "items": _KEYS_TO_PATHS,
        "defaultMode": pointer(INT32),
        "optional": pointer(BOOL),
    },
)

CLAIM_VOLUME = struct(
    "corev1.PersistentVolumeClaimVolumeSource", {"claimName": kept(STRING), "readOnly": BOOL}
)

_DOWNWARD_FILES = ListOf(
    struct(
        "corev1.DownwardAPIVolumeFile",
        {
            "path": kept(STRING),
            "fieldRef": FIELD_REF,
            "resourceFieldRef": RESOURCE_FIELD_REF,
            "mode": pointer(INT32),
        },
    )
)

_PROJECTION = struct(
    "corev1.VolumeProjection",
    {
        "secret": struct(
            "corev1.SecretProjection", {"name": STRING, "items": _KEYS_TO_PATHS, "optional": pointer(BOOL)}
        ),
        "downwardAPI": struct("corev1.DownwardAPIProjection", {"items": _DOWNWARD_FILES}),
        "configMap": struct(
            "corev1.ConfigMapProjection",
            {"name": STRING, "items": _KEYS_TO_PATHS, "optional": pointer(BOOL)},
        ),
        "serviceAccountToken": struct(
            "corev1.ServiceAccountTokenProjection",
            {"audience": STRING, "expirationSeconds": pointer(INT64), "path": kept(STRING)},
        ),
        "clusterTrustBundle": struct(
            "corev1.ClusterTrustBundleProjection",
            {
                "name": pointer(STRING),
                "signerName": pointer(STRING),
                "labelSelector": LABEL_SELECTOR,
                "optional": pointer(BOOL),
                "path": kept(STRING),
            },
        ),
        "podCertificate": struct(
            "corev1.PodCertificateProjection",
            {
                "signerName": STRING,
                "keyType": STRING,
                "maxExpirationSeconds": pointer(INT32),
                "credentialBundlePath": STRING,
                "keyPath": STRING,
                "certificateChainPath": STRING,
                "userAnnotations": STRING_MAP,
            },
        ),
    },
)

PROJECTED_VOLUME = struct(
    "corev1.ProjectedVolumeSource",
    {"sources": kept(ListOf(_PROJECTION)), "defaultMode": pointer(INT32)},
)

CSI_VOLUME = struct(
    "corev1.CSIVolumeSource",
    {
        "driver": kept(STRING),
        "readOnly": pointer(BOOL),
        "fsType": pointer(STRING),
        "volumeAttributes": STRING_MAP,
        "nodePublishSecretRef": LOCAL_OBJECT_REFERENCE,
    },
)

VOLUME = struct(
    "corev1.Volume",
    {
        "name": kept(STRING),
        "hostPath": struct("corev1.HostPathVolumeSource", {"path": kept(STRING), "type": pointer(STRING)}),
        "emptyDir": EMPTY_DIR,
        "gcePersistentDisk": GCE_DISK,
        "awsElasticBlockStore": AWS_DISK,
        "gitRepo": GIT_REPO,
        "secret": SECRET_VOLUME,
        "nfs": struct(
            "corev1.NFSVolumeSource", {"server": kept(STRING), "path": kept(STRING), "readOnly": BOOL}
        ),
        "iscsi": ISCSI,
        "glusterfs": GLUSTERFS,
        "persistentVolumeClaim": CLAIM_VOLUME,
        "rbd": RBD,
        "flexVolume": FLEX_VOLUME,
        "cinder": CINDER,
        "cephfs": CEPH_FS,
        "flocker": FLOCKER,
        "downwardAPI": struct(
            "corev1.DownwardAPIVolumeSource", {"items": _DOWNWARD_FILES, "defaultMode": pointer(INT32)}
        ),
        "fc": FC,
        "azureFile": AZURE_FILE,
        "configMap": CONFIG_MAP_VOLUME,
        "vsphereVolume": VSPHERE_VOLUME,
        "quobyte": QUOBYTE,
        "azureDisk": AZURE_DISK,
        "photonPersistentDisk": PHOTON_DISK,
        "projected": PROJECTED_VOLUME,
        "portworxVolume": PORTWORX,
        "scaleIO": SCALE_IO,
        "storageos": STORAGE_OS,
        "csi": CSI_VOLUME,
        "ephemeral": struct("corev1.EphemeralVolumeSource", {"volumeClaimTemplate": CLAIM_TEMPLATE}),
        "image": struct("corev1.ImageVolumeSource", {"reference": STRING, "pullPolicy": STRING}),
    },
)
