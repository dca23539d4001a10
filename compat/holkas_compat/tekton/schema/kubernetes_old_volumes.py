"""Volume sources tied to one storage product, most of them superseded by CSI drivers (k8s.io/api/core/v1)."""

from __future__ import annotations

from holkas_compat.manifest.types import (
    BOOL,
    INT32,
    STRING,
    STRING_MAP,
    STRINGS,
    Struct,
    kept,
    pointer,
    struct,
)

_SECRET_REF = struct("corev1.LocalObjectReference", {"name": STRING})


def _disk(name: str, identifier: str) -> Struct:
    """A disk of a cloud: they differ only in the name of the disk's identifier."""
    return struct(name, {identifier: kept(STRING), "fsType": STRING, "partition": INT32, "readOnly": BOOL})


GCE_DISK = _disk("corev1.GCEPersistentDiskVolumeSource", "pdName")
AWS_DISK = _disk("corev1.AWSElasticBlockStoreVolumeSource", "volumeID")

GIT_REPO = struct(
    "corev1.GitRepoVolumeSource", {"repository": kept(STRING), "revision": STRING, "directory": STRING}
)

ISCSI = struct(
    "corev1.ISCSIVolumeSource",
    {
        "targetPortal": kept(STRING),
        "iqn": kept(STRING),
        "lun": kept(INT32),
        "iscsiInterface": STRING,
        "fsType": STRING,
        "readOnly": BOOL,
        "portals": STRINGS,
        "chapAuthDiscovery": BOOL,
        "chapAuthSession": BOOL,
        "secretRef": _SECRET_REF,
        "initiatorName": pointer(STRING),
    },
)

GLUSTERFS = struct(
    "corev1.GlusterfsVolumeSource", {"endpoints": kept(STRING), "path": kept(STRING), "readOnly": BOOL}
)

RBD = struct(
    "corev1.RBDVolumeSource",
    {
        "monitors": kept(STRINGS),
        "image": kept(STRING),
        "fsType": STRING,
        "pool": STRING,
        "user": STRING,
        "keyring": STRING,
        "secretRef": _SECRET_REF,
        "readOnly": BOOL,
    },
)

FLEX_VOLUME = struct(
    "corev1.FlexVolumeSource",
    {
        "driver": kept(STRING),
        "fsType": STRING,
        "secretRef": _SECRET_REF,
        "readOnly": BOOL,
        "options": STRING_MAP,
    },
)

CINDER = struct(
    "corev1.CinderVolumeSource",
    {"volumeID": kept(STRING), "fsType": STRING, "readOnly": BOOL, "secretRef": _SECRET_REF},
)

CEPH_FS = struct(
    "corev1.CephFSVolumeSource",
    {
        "monitors": kept(STRINGS),
        "path": STRING,
        "user": STRING,
        "secretFile": STRING,
        "secretRef": _SECRET_REF,
        "readOnly": BOOL,
    },
)

FLOCKER = struct("corev1.FlockerVolumeSource", {"datasetName": STRING, "datasetUUID": STRING})

FC = struct(
    "corev1.FCVolumeSource",
    {
        "targetWWNs": STRINGS,
        "lun": pointer(INT32),
        "fsType": STRING,
        "readOnly": BOOL,
        "wwids": STRINGS,
    },
)

AZURE_FILE = struct(
    "corev1.AzureFileVolumeSource", {"secretName": kept(STRING), "shareName": kept(STRING), "readOnly": BOOL}
)

VSPHERE_VOLUME = struct(
    "corev1.VsphereVirtualDiskVolumeSource",
    {
        "volumePath": kept(STRING),
        "fsType": STRING,
        "storagePolicyName": STRING,
        "storagePolicyID": STRING,
    },
)

QUOBYTE = struct(
    "corev1.QuobyteVolumeSource",
    {
        "registry": kept(STRING),
        "volume": kept(STRING),
        "readOnly": BOOL,
        "user": STRING,
        "group": STRING,
        "tenant": STRING,
    },
)

AZURE_DISK = struct(
    "corev1.AzureDiskVolumeSource",
    {
        "diskName": kept(STRING),
        "diskURI": kept(STRING),
        "cachingMode": pointer(STRING),
        "fsType": pointer(STRING),
        "readOnly": pointer(BOOL),
        "kind": pointer(STRING),
    },
)

PHOTON_DISK = struct("corev1.PhotonPersistentDiskVolumeSource", {"pdID": kept(STRING), "fsType": STRING})

PORTWORX = struct(
    "corev1.PortworxVolumeSource", {"volumeID": kept(STRING), "fsType": STRING, "readOnly": BOOL}
)

SCALE_IO = struct(
    "corev1.ScaleIOVolumeSource",
    {
        "gateway": kept(STRING),
        "system": kept(STRING),
        "secretRef": kept(_SECRET_REF),
        "sslEnabled": BOOL,
        "protectionDomain": STRING,
        "storagePool": STRING,
        "storageMode": STRING,
        "volumeName": STRING,
        "fsType": STRING,
        "readOnly": BOOL,
    },
)

STORAGE_OS = struct(
    "corev1.StorageOSVolumeSource",
    {
        "volumeName": STRING,
        "volumeNamespace": STRING,
        "fsType": STRING,
        "readOnly": BOOL,
        "secretRef": _SECRET_REF,
    },
)
