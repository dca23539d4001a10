"""Artifacts as OCI manifests, and back. The same call makes the same bytes: no manifest holds a time.

Source: OCI, "Image Specification" 1.1, sections "Image Manifest", "Guidelines for Artifact Usage", "Annotations".
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from holkas.model.artifact import Artifact
from holkas.roles.errors import Corrupt, ToolError

from holkas_oci.names import is_digest
from holkas_oci.packing import LAYER, Packed, blob_of
from holkas_oci.registry import INDEX, MANIFEST, Manifest

ARTIFACT = "application/vnd.holkas.artifact.v1"
PUBLISHED = "application/vnd.holkas.published.v1"
"""Types of manifests: of an artifact, and of the note that says when one was published."""

EMPTY = blob_of(b"{}")
CREATED = "org.opencontainers.image.created"
_VERSION = "org.opencontainers.image.version"
_TITLE = "org.opencontainers.image.title"
_OWN = "dev.holkas."
_METADATA = f"{_OWN}metadata."
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}")


def artifact_manifest(
    name: str, version: str, content: Packed, media_type: str, metadata: Mapping[str, str]
) -> bytes:
    """The manifest of a version. Raises ToolError for what is no media type."""
    layer = _described(LAYER if content.tree else checked(media_type), content.blob.digest, content.blob.size)
    if not content.tree:
        layer["annotations"] = {_TITLE: name.rpartition("/")[2]}
    return _written(
        ARTIFACT,
        layer,
        _annotations(version, content.digest, content.size, checked(media_type), metadata, content.tree),
    )


def document_manifest(
    subject: Manifest, version: str, media_type: str, data: bytes, metadata: Mapping[str, str], created: float
) -> bytes:
    """The manifest of a document about another manifest. Raises ToolError for what is no media type."""
    blob = blob_of(data)
    annotations = _annotations(version, blob.digest, blob.size, checked(media_type), metadata, False)
    annotations[CREATED] = _time(created)
    return _written(media_type, _described(media_type, blob.digest, blob.size), annotations, subject)


def published_note(subject: Manifest, created: float) -> bytes:
    """The manifest that says when another one was published."""
    return _written(PUBLISHED, _empty(), {CREATED: _time(created)}, subject)


def descriptor_of(data: bytes) -> dict[str, Any]:
    """How an index names one of our manifests."""
    value, blob = json.loads(data), blob_of(data)
    return {
        **_described(MANIFEST, blob.digest, blob.size),
        "artifactType": value["artifactType"],
        "annotations": value["annotations"],
    }


def index_of(descriptors: list[Mapping[str, Any]]) -> bytes:
    """An index of manifests."""
    return _serialised({"schemaVersion": 2, "mediaType": INDEX, "manifests": descriptors})


def version_in(manifest: Manifest) -> str:
    """The version of an artifact's manifest; empty for what holkas has not published."""
    if manifest.value.get("artifactType") != ARTIFACT:
        return ""
    return str(_annotated(manifest.value).get(_VERSION, ""))


def digest_in(value: Mapping[str, Any]) -> str:
    """The content's digest of a manifest or descriptor; empty where it has none."""
    return str(_annotated(value).get(f"{_OWN}digest", ""))


def created_in(descriptor: Mapping[str, Any]) -> float | None:
    """When a document or note was made, in seconds since the epoch."""
    try:
        return datetime.fromisoformat(str(_annotated(descriptor).get(CREATED, ""))).timestamp()
    except (ValueError, OverflowError):
        return None


def layer_in(manifest: Manifest) -> tuple[str, int]:
    """Digest and size of the one blob with the content. Raises Corrupt."""
    layers = manifest.value.get("layers")
    layer = layers[0] if isinstance(layers, list) and len(layers) == 1 else None
    digest, size = (layer.get("digest"), layer.get("size")) if isinstance(layer, dict) else (None, None)
    if not isinstance(digest, str) or not is_digest(digest) or not isinstance(size, int) or size < 0:
        raise Corrupt("the manifest does not have one layer with a digest and a size")
    return digest, size


def artifact_in(
    value: Mapping[str, Any], name: str, location: str, *, published: float | None = None, subject: str = ""
) -> Artifact:
    """The artifact of a manifest, or the document of a descriptor. Raises Corrupt."""
    annotations = _annotated(value)
    digest, size = digest_in(value), str(annotations.get(f"{_OWN}size", ""))
    if not is_digest(digest) or not size.isdecimal():
        raise Corrupt(f"{location} does not say which content it has")
    return Artifact(
        name=name,
        version=str(annotations.get(_VERSION, "")),
        digest=digest,
        size=int(size),
        tree=annotations.get(f"{_OWN}tree") == "true",
        media_type=str(annotations.get(f"{_OWN}media-type", "application/octet-stream")),
        metadata={
            key.removeprefix(_METADATA): str(text)
            for key, text in sorted(annotations.items())
            if key.startswith(_METADATA)
        },
        published=published,
        location=location,
        subject=subject,
    )


def checked(media_type: str) -> str:
    """Source: RFC 6838, section 4.2. Raises ToolError."""
    if not _MEDIA_TYPE.fullmatch(media_type):
        raise ToolError(f"{media_type!r} is no media type that an OCI registry takes", hint="as text/plain")
    return media_type


def _annotations(
    version: str, digest: str, size: int, media_type: str, metadata: Mapping[str, str], tree: bool
) -> dict[str, str]:
    return {
        _VERSION: version,
        f"{_OWN}digest": digest,
        f"{_OWN}size": str(size),
        f"{_OWN}tree": "true" if tree else "false",
        f"{_OWN}media-type": media_type,
        **{f"{_METADATA}{key}": text for key, text in metadata.items()},
    }


def _annotated(value: Mapping[str, Any]) -> Mapping[str, Any]:
    annotations = value.get("annotations")
    return annotations if isinstance(annotations, dict) else {}


def _written(
    kind: str, layer: Mapping[str, Any], annotations: Mapping[str, str], subject: Manifest | None = None
) -> bytes:
    value: dict[str, Any] = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "artifactType": kind,
        "config": _empty(),
        "layers": [layer],
        "annotations": dict(annotations),
    }
    if subject is not None:
        value["subject"] = _described(MANIFEST, subject.digest, len(subject.data))
    return _serialised(value)


def _empty() -> dict[str, Any]:
    return _described("application/vnd.oci.empty.v1+json", EMPTY.digest, EMPTY.size)


def _described(media_type: str, digest: str, size: int) -> dict[str, Any]:
    return {"mediaType": media_type, "digest": digest, "size": size}


def _serialised(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _time(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
