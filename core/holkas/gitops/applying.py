"""How one resource is written: from a sync's options and a resource's own (Argo CD, "Sync Options")."""

from __future__ import annotations

from holkas.extensions.target import ApplyOptions, ApplyWay, Propagation
from holkas.gitops.order import is_crd
from holkas.gitops.progress import Act
from holkas.gitops.sync_options import SyncOptions, has_option, validates
from holkas.model.sync import SyncTask


def apply_options(act: Act, options: SyncOptions, manager: str = "argocd-controller") -> ApplyOptions:
    """What to ask of the target for an act of kind APPLY.

    Replacing makes anew what is not there and never deletes a namespace or a custom resource definition, with
    everything that hangs on it: these are replaced in place, force or not. A dry run only judges the text, so it is a
    plain apply.
    """
    task = act.task
    replaces = options.replace or has_option(task.target, "Replace=true")
    force = options.force or has_option(task.target, "Force=true")
    if replaces:
        way = ApplyWay.REPLACE if task.live is not None else ApplyWay.CREATE
        force = force and not _holds_others(task)
    elif _is_server_side(task, options) and not act.dry_run:
        way = ApplyWay.SERVER_SIDE
    else:
        way = ApplyWay.APPLY
    return ApplyOptions(
        way=way,
        force=force,
        dry_run=act.dry_run,
        validate=validates(task.manifest, options),
        manager=manager,
    )


def propagation(options: SyncOptions) -> Propagation:
    """What becomes of the dependants of what is pruned or deleted."""
    return Propagation(options.propagation)


def _is_server_side(task: SyncTask, options: SyncOptions) -> bool:
    if has_option(task.target, "ServerSideApply=false"):
        return False
    return options.server_side or has_option(task.target, "ServerSideApply=true")


def _holds_others(task: SyncTask) -> bool:
    return is_crd(task.manifest) or (task.key.resource.kind == "Namespace" and not task.key.resource.group)
