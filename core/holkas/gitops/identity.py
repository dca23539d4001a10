"""Which application a live resource belongs to (Argo CD, "Resource Tracking")."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from holkas.gitops.annotations import (
    INSTALLATION_ID,
    INSTANCE_LABEL,
    TRACKING_ID,
    annotation,
    labels_of,
    with_annotations,
)
from holkas.gitops.instance_label import labelled, shortened
from holkas.gitops.order import is_crd
from holkas.model.resource import ResourceKey
from holkas.model.sync import key_of
from holkas.records import dataclass


class TrackingMethod(StrEnum):
    """Where a resource says whose it is."""

    ANNOTATION = "annotation"
    LABEL = "label"
    ANNOTATION_AND_LABEL = "annotation+label"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracking:
    """How resources are tracked. label: name of the label. installation: to tell several installations apart."""

    method: TrackingMethod = TrackingMethod.ANNOTATION
    label: str = INSTANCE_LABEL
    installation: str = ""


_DEFAULT = Tracking()


def tracking_id(application: str, key: ResourceKey, namespace: str = "") -> str:
    """``app:group/Kind:namespace/name``. application: its name for labels (``team_web``). namespace: of the destination,
    for resources that name none."""
    return f"{application}:{key.group}/{key.kind}:{key.namespace or namespace}/{key.name}"


def parse_tracking_id(text: str) -> tuple[str, ResourceKey] | None:
    """Application and resource of a tracking id; None for a text that is none."""
    application, _, rest = text.partition(":")
    group_kind, _, place = rest.partition(":")
    group, slash, kind = group_kind.partition("/")
    namespace, second, name = place.partition("/")
    if not application or not slash or not second or not kind or not name or "/" in name:
        return None
    return application, ResourceKey(group=group, kind=kind, namespace=namespace, name=name)


def tracked(
    manifest: Mapping[str, Any], application: str, tracking: Tracking = _DEFAULT, namespace: str = ""
) -> Mapping[str, Any]:
    """The manifest with the mark of its application. Custom resource definitions are never marked: many share them.

    Beside an annotation the label is shortened to what Kubernetes permits; alone it holds the whole name, because it is
    what the resource is recognised by. Source: Argo CD, util/argo (resourceTracking.SetAppInstance).
    """
    if is_crd(manifest):
        return manifest
    result = manifest
    if tracking.method is not TrackingMethod.LABEL:
        marks = {TRACKING_ID: tracking_id(application, key_of(manifest), namespace)}
        if tracking.installation:
            marks[INSTALLATION_ID] = tracking.installation
        result = with_annotations(result, marks)
    if tracking.method is TrackingMethod.LABEL:
        result = labelled(result, tracking.label, application)
    elif tracking.method is TrackingMethod.ANNOTATION_AND_LABEL:
        result = labelled(result, tracking.label, shortened(application))
    return result


def owner_of(live: Mapping[str, Any], tracking: Tracking = _DEFAULT) -> str:
    """The application (its name for labels) that a live resource belongs to; empty for none.

    An id that speaks of another resource was copied along with the annotations and does not count.
    """
    if tracking.installation and annotation(live, INSTALLATION_ID) != tracking.installation:
        return ""
    if tracking.method is TrackingMethod.LABEL:
        value = labels_of(live).get(tracking.label)
        return value if isinstance(value, str) else ""
    parsed = parse_tracking_id(annotation(live, TRACKING_ID) or "")
    if parsed is None:
        return ""
    application, key = parsed
    here = key_of(live)
    same = (key.group, key.kind, key.name) == (here.group, here.kind, here.name)
    return application if same and here.namespace in ("", key.namespace) else ""


def shared_resources(
    found: Mapping[ResourceKey, Mapping[str, Any]], application: str, tracking: Tracking = _DEFAULT
) -> tuple[tuple[ResourceKey, str], ...]:
    """Resources that an application wants and that are live as another one's, with that one's name.

    A sync under ``FailOnSharedResource=true`` is refused for them; else they are a warning (SharedResourceWarning).
    """
    owners = ((key, owner_of(manifest, tracking)) for key, manifest in found.items())
    return tuple((key, owner) for key, owner in owners if owner not in ("", application))
