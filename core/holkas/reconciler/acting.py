"""Carries out one act of a sync on a target."""

from __future__ import annotations

from collections.abc import Callable

from holkas.extensions.target import Target
from holkas.gitops.applying import apply_options, propagation
from holkas.gitops.progress import Act, ActKind
from holkas.gitops.sync_options import SyncOptions
from holkas.gitops.sync_outcome import applied, pruned, refused
from holkas.model.resource import Resource, ResourceKey
from holkas.model.sync import TaskResult
from holkas.roles.errors import Conflict, NotFound, ToolError

Permission = Callable[[ResourceKey], str]
"""Why an application may not have a resource; empty where it may."""


def carry_out(act: Act, target: Target, options: SyncOptions, permission: Permission) -> TaskResult:
    """Do it, and say what became of it. What the target refuses is a result, not an error."""
    key = act.task.key.resource
    if reason := permission(key):
        return refused(reason)
    try:
        if act.kind is ActKind.APPLY:
            return _apply(act, target, options)
        target.delete(key, propagation=propagation(options), dry_run=act.dry_run)
    except NotFound:
        pass  # gone already is what was wanted
    except ToolError as error:
        return refused(str(error))
    return pruned("pruned (dry run)" if act.dry_run else "pruned")


def _apply(act: Act, target: Target, options: SyncOptions) -> TaskResult:
    from dataclasses import replace

    from holkas.extensions.target import ApplyWay

    if act.task.target is None:
        raise AssertionError("nothing to apply")
    resource = Resource(manifest=act.task.target)
    how = apply_options(act, options)
    try:
        done = target.apply(resource, how)
    except Conflict:
        if how.way is not ApplyWay.CREATE:
            raise
        # It came between the look and the act, perhaps by us before a crash.
        done = target.apply(resource, replace(how, way=ApplyWay.REPLACE))
    key = act.task.key.resource
    kind = f"{key.kind.lower()}.{key.group}" if key.group else key.kind.lower()
    told = f"{kind}/{key.name} {done.message}".rstrip()
    return applied(f"{told} (dry run)" if act.dry_run else told, dry_run=act.dry_run)
