"""The tasks of a sync: what is applied, run and pruned, in which phase and wave (Argo CD, "Sync Phases and Waves").

A plan is a pure function of what is desired, what is live and how it is to be synced. It is made again for every look
at the target; what has been done already is in the recorded results (:mod:`holkas.gitops.progress`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from typing import Any

from holkas.gitops.annotations import OPERATION, with_annotations
from holkas.gitops.hooks import is_hook, is_ignored, named, phases
from holkas.gitops.order import defined_kind, is_crd, ordered, wave_of
from holkas.gitops.sync_options import SyncOptions, has_option
from holkas.model.resource import ResourceKey
from holkas.model.sync import SyncPhase, SyncTask, TaskKey, key_of
from holkas.records import dataclass

Manifest = Mapping[str, Any]
Namespaced = Callable[[str, str], bool | None]
"""Whether a group and kind live in namespaces; None where nobody knows, which counts as yes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncRequest:
    """What a sync is asked to do.

    desired: manifests as rendered, hooks among them. live: the application's live resources by key; those that are not
    desired are pruned. live_hooks: what is live of hooks, and of resources that others made, by key. namespace: of the
    destination, for resources that name none. operation: its id. started_at: seconds since the epoch.
    selected: only these resources (a selective sync, which runs no hooks); None for all. namespace_metadata: labels and
    annotations that the created namespace is to have.
    """

    desired: tuple[Manifest, ...]
    live: Mapping[ResourceKey, Manifest] = field(default_factory=dict)
    live_hooks: Mapping[ResourceKey, Manifest] = field(default_factory=dict)
    options: SyncOptions = field(default_factory=SyncOptions)
    namespace: str = ""
    revision: str = ""
    operation: str = ""
    started_at: float = 0.0
    selected: frozenset[ResourceKey] | None = None
    namespace_metadata: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def is_recorded(self) -> bool:
        """Whether its success belongs into the history: a sync of only some resources, or a dry run, does not."""
        return self.selected is None and not self.options.dry_run


def _always(group: str, kind: str) -> bool | None:
    return None


def plan(request: SyncRequest, namespaced: Namespaced = _always) -> list[SyncTask]:
    """The tasks in order; none for ignored and skipped manifests."""
    located = [
        (_located(manifest, request.namespace, namespaced), manifest)
        for manifest in request.desired
        if not is_ignored(manifest)
    ]
    tasks = _resource_tasks(request, [target for target, _ in located])
    if not request.options.skip_hooks and request.selected is None:
        tasks += _hook_tasks(request, [target for target, _ in located if is_hook(target)])
    if request.options.create_namespace:
        tasks += _namespace_tasks(request, [target for target, _ in located])
    tasks = _skipping_dry_runs(tasks, request, namespaced)
    return ordered(_pruned_last(_prunes_mirrored(tasks), request.options))


def reconciled(
    desired: Iterable[Manifest], live: Mapping[ResourceKey, Manifest]
) -> list[tuple[ResourceKey, Manifest | None, Manifest | None]]:
    """Key, desired and live manifest of every resource that is no hook, the desired ones first, in their order."""
    targets = {key_of(manifest): manifest for manifest in desired if not is_hook(manifest)}
    pairs: list[tuple[ResourceKey, Manifest | None, Manifest | None]] = [
        (key, target, live.get(key)) for key, target in targets.items()
    ]
    pairs += [(key, None, manifest) for key, manifest in live.items() if key not in targets]
    return pairs


def _located(manifest: Manifest, namespace: str, namespaced: Namespaced) -> Manifest:
    """The manifest in the destination's namespace, where it names none and its kind lives in one."""
    key = key_of(manifest)
    lives_in_one = namespaced(key.group, key.kind)
    if lives_in_one is None:
        lives_in_one = (key.group, key.kind) not in CLUSTER_WIDE
    wanted = (key.namespace or namespace) if lives_in_one else ""
    if wanted == key.namespace:
        return manifest
    given = manifest.get("metadata")
    metadata = {k: v for k, v in given.items() if k != "namespace"} if isinstance(given, Mapping) else {}
    if wanted:
        metadata["namespace"] = wanted
    return {**manifest, "metadata": metadata}


CLUSTER_WIDE = frozenset(
    {("", kind) for kind in ("Namespace", "Node", "PersistentVolume", "ComponentStatus")}
    | {("rbac.authorization.k8s.io", kind) for kind in ("ClusterRole", "ClusterRoleBinding")}
    | {("storage.k8s.io", kind) for kind in ("StorageClass", "CSIDriver", "CSINode", "VolumeAttachment")}
    | {
        ("apiextensions.k8s.io", "CustomResourceDefinition"),
        ("apiregistration.k8s.io", "APIService"),
        ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"),
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"),
        ("certificates.k8s.io", "CertificateSigningRequest"),
        ("flowcontrol.apiserver.k8s.io", "FlowSchema"),
        ("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration"),
        ("networking.k8s.io", "IngressClass"),
        ("node.k8s.io", "RuntimeClass"),
        ("policy", "PodSecurityPolicy"),
        ("scheduling.k8s.io", "PriorityClass"),
    }
)
"""Kubernetes' own kinds without a namespace, for targets that know no kinds."""


def _resource_tasks(request: SyncRequest, targets: list[Manifest]) -> list[SyncTask]:
    tasks = []
    for key, target, live in reconciled(targets, request.live):
        manifest = target if target is not None else live
        if manifest is None or is_hook(manifest):
            continue
        if request.selected is not None and key not in request.selected:
            continue
        tasks += [
            SyncTask(key=TaskKey(resource=key, phase=phase), wave=wave_of(manifest), target=target, live=live)
            for phase in phases(manifest)
        ]
    return tasks


def _hook_tasks(request: SyncRequest, hooks: list[Manifest]) -> list[SyncTask]:
    tasks = []
    for hook in hooks:
        for phase in phases(hook):
            target = named(hook, revision=request.revision, phase=phase, started_at=request.started_at)
            if request.operation:
                target = with_annotations(target, {OPERATION: request.operation})
            key = key_of(target)
            live = request.live_hooks.get(key, request.live.get(key))
            tasks.append(
                SyncTask(
                    key=TaskKey(resource=key, phase=phase),
                    wave=wave_of(target),
                    target=target,
                    live=live,
                    hook=True,
                )
            )
    return tasks


def _namespace_tasks(request: SyncRequest, targets: list[Manifest]) -> list[SyncTask]:
    """The destination's namespace before everything else, unless it is desired anyway or is as it should be."""
    key = ResourceKey(kind="Namespace", name=request.namespace)
    if not request.namespace or any(key_of(target) == key for target in targets):
        return []
    live = request.live_hooks.get(key)
    wanted = {field: dict(values) for field, values in request.namespace_metadata.items() if values}
    if live is not None and not _lacks(live, wanted):
        return []
    target = {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": request.namespace, **wanted},
    }
    return [SyncTask(key=TaskKey(resource=key, phase=SyncPhase.PRE_SYNC), wave=0, target=target, live=live)]


def _lacks(live: Manifest, wanted: Mapping[str, Mapping[str, str]]) -> bool:
    metadata = live.get("metadata")
    has = metadata if isinstance(metadata, Mapping) else {}
    for name, values in wanted.items():
        given = has.get(name)
        found = given if isinstance(given, Mapping) else {}
        if any(found.get(key) != value for key, value in values.items()):
            return True
    return False


def _skipping_dry_runs(tasks: list[SyncTask], request: SyncRequest, namespaced: Namespaced) -> list[SyncTask]:
    """Resources of a kind that the target does not know yet are not tried out, if this sync defines the kind or they
    say so."""
    defined = {defined_kind(task.target) for task in tasks if task.target is not None and is_crd(task.target)}
    everywhere = request.options.skip_dry_run_on_missing

    def is_skipped(task: SyncTask) -> bool:
        kind = (task.key.resource.group, task.key.resource.kind)
        asked = everywhere or has_option(task.target, "SkipDryRunOnMissingResource=true")
        return (asked or kind in defined) and namespaced(*kind) is None

    return [replace(task, skip_dry_run=True) if is_skipped(task) else task for task in tasks]


def _prunes_mirrored(tasks: list[SyncTask]) -> list[SyncTask]:
    """Waves of what is pruned in reverse, among themselves: what came last goes first."""
    waves = sorted({task.wave for task in tasks if task.prune})
    mirror = dict(zip(waves, reversed(waves), strict=True))
    return [replace(task, wave=mirror[task.wave]) if task.prune else task for task in tasks]


def _pruned_last(tasks: list[SyncTask], options: SyncOptions) -> list[SyncTask]:
    last = max((task.wave for task in tasks if task.key.phase is SyncPhase.SYNC), default=0)
    after = max(last, 0) + 1
    return [
        replace(task, wave=after)
        if task.prune and (options.prune_last or has_option(task.live, "PruneLast=true"))
        else task
        for task in tasks
    ]


def next_deleted(resources: Iterable[Manifest]) -> list[Manifest]:
    """Which of an application's resources go first when it is deleted: those of the highest wave."""
    found = list(resources)
    highest = max((wave_of(manifest) for manifest in found), default=0)
    return [manifest for manifest in found if wave_of(manifest) == highest]
