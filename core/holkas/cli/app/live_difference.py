"""What a sync would change in the live target, as the differences of revisions are shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from holkas.cli.app.rendered_difference import ApplicationDifference, ResourceDifference

if TYPE_CHECKING:
    from holkas.reconciler.unit import Unit


def live_differences(units: Iterable[Unit]) -> Iterator[ApplicationDifference]:
    """The Applications that differ from what is live: resources that would be made, changed, or pruned."""
    for unit in units:
        if found := tuple(_resources(unit)):
            yield ApplicationDifference(name=unit.name, resources=found)


def _resources(unit: Unit) -> Iterator[ResourceDifference]:
    from holkas.gitops.diff import compare
    from holkas.gitops.diff.text import masked
    from holkas.gitops.hooks import is_hook
    from holkas.gitops.plan import reconciled

    managed = unit.managed()
    wanted = [one for one in managed.desired.manifests if not is_hook(one)]
    live = unit.comparer.live(managed)
    settings = unit.comparer.settings(managed)
    for key, target, found in reconciled(wanted, live):
        if is_hook(target if target is not None else found or {}):
            continue
        difference = compare(target, found, settings)
        if difference.modified:
            before, after = masked(difference.live, difference.predicted if target is not None else None)
            yield ResourceDifference(name=str(key), before=before, after=after)
