"""An application as the reconciler holds it: what is desired, where, and what else matters to its syncs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import field
from hashlib import sha256
from typing import Any

from holkas.gitops.annotations import COMPARE_OPTIONS, SKIP_RECONCILE, annotation, listed
from holkas.gitops.application_name import instance_name
from holkas.gitops.dependencies import dependencies_of
from holkas.gitops.diff import CompareSettings
from holkas.gitops.hooks import is_hook
from holkas.gitops.sync_options import SyncOptions, read_options
from holkas.model.application import Application
from holkas.model.project import Project
from holkas.model.resource import ResourceKey
from holkas.model.sync import key_of
from holkas.records import dataclass

DEFAULT_NAMESPACE = "argocd"
IN_CLUSTER = "https://kubernetes.default.svc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desired:
    """What an application is to be. text: the resources as YAML. manifests, keys: the same, read.

    source: what makes two sources equal; conditions: what went wrong on the way, as in Argo CD.
    """

    text: str = ""
    digest: str = ""
    manifests: tuple[Mapping[str, Any], ...] = ()
    keys: tuple[ResourceKey, ...] = ()
    revisions: tuple[str, ...] = ()
    source: str = ""
    conditions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Managed:
    """One application. manifest: as declared. project: None where nobody declares it, so that it permits everything.

    parent: what brought it along, as the renderer says it.
    """

    application: Application
    manifest: Mapping[str, Any]
    desired: Desired = field(default_factory=Desired)
    project: Project | None = None
    parent: str = ""

    @property
    def name(self) -> str:
        """Its name for labels, which tells it from all others: ``web``, or ``team_web`` in another namespace."""
        return instance_name(self.application.name, self.application.namespace, DEFAULT_NAMESPACE)

    @property
    def place(self) -> str:
        """The name of its destination."""
        return destination_label(self.application)

    @property
    def itself(self) -> ResourceKey:
        """The application as a resource."""
        application = self.application
        return ResourceKey(
            group="argoproj.io", kind="Application", namespace=application.namespace, name=application.name
        )

    @property
    def settings(self) -> CompareSettings:
        """How its resources are compared."""
        return CompareSettings(
            ignore=self.application.ignore_differences, server_side=self.options().server_side
        )

    @property
    def is_tried_out(self) -> bool:
        """Whether the target is asked what a sync would change, instead of working it out: Argo CD's server-side diff."""
        options = listed(self.manifest, COMPARE_OPTIONS)
        return "ServerSideDiff=true" in options and "ServerSideDiff=false" not in options

    @property
    def counts_mutations(self) -> bool:
        """Whether what webhooks would change counts as a difference then."""
        return "IncludeMutationWebhook=true" in listed(self.manifest, COMPARE_OPTIONS)

    @property
    def depends_on(self) -> tuple[str, ...]:
        """The applications that have to be synced and healthy before it."""
        return dependencies_of(self.manifest)

    @property
    def is_skipped(self) -> bool:
        """Whether it says that it is to be left alone."""
        return annotation(self.manifest, SKIP_RECONCILE) == "true"

    def options(self, **given: Any) -> SyncOptions:
        """Its sync options, and what a request says besides."""
        return read_options(self.application.policy.options, **given)


def destination_label(application: Application) -> str:
    """What a destination is called: by its name, else by the host of its server; ``in-cluster`` for Argo CD's own."""
    place = application.destination
    if place.name:
        return place.name
    if place.server in ("", IN_CLUSTER):
        return "in-cluster"
    from urllib.parse import urlsplit

    return urlsplit(place.server).netloc.rpartition("@")[2] or place.server


def read_desired(
    name: str, text: str, digest: str, revisions: tuple[str, ...], manifest: Mapping[str, Any]
) -> Desired:
    """What is desired, read from YAML. A source without revisions is known by what it gave."""
    from holkas.yaml import Source, load_documents

    documents = load_documents(Source(name, text.encode("utf-8", "surrogatepass")), strict=False)
    manifests = tuple(document.value for document in documents if isinstance(document.value, dict))
    known = tuple(revision or digest[:40] for revision in revisions) or (digest[:40],)
    return Desired(
        text=text,
        digest=digest,
        manifests=manifests,
        keys=tuple(key_of(one) for one in manifests if not is_hook(one)),
        revisions=known,
        source=source_identity(manifest, digest),
    )


def source_identity(manifest: Mapping[str, Any], digest: str) -> str:
    """A text that is the same for the same sources with the same outcome."""
    spec = manifest.get("spec")
    fields = spec if isinstance(spec, Mapping) else {}
    sources = [fields.get(name) for name in ("source", "sources", "sourceHydrator")]
    return sha256(json.dumps([sources, digest], sort_keys=True, default=str).encode()).hexdigest()[:32]
