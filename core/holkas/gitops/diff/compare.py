"""Whether a live resource is as desired (Argo CD, "Diff Customization", "Diff Strategies")."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from holkas.gitops.annotations import LAST_APPLIED, annotation
from holkas.gitops.diff.ignore import JqPlaces, ignored_paths, without_paths
from holkas.gitops.diff.merge import predicted
from holkas.gitops.diff.mutations import without_mutations
from holkas.gitops.diff.normalise import is_known_group, normalised
from holkas.gitops.diff.structured import server_side_predicted
from holkas.gitops.sync_options import has_option
from holkas.model.application import IgnoreDifference
from holkas.model.sync import key_of
from holkas.records import dataclass

Manifest = Mapping[str, Any]
DryRun = Callable[[Manifest], Manifest | None]
"""What a server-side apply of a manifest would leave, as the target says without doing it; None where it cannot say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareSettings:
    """How to compare. ignore: what is not looked at. server_side: as a server-side apply by ``manager`` would change it.

    exact: every field of the live resource counts, for targets that add nothing of their own.
    ignore_status: leave out ``status``. ignore_aggregated_roles: leave out the rules of cluster roles that a controller
    fills in. jq: works out jq expressions that may take long; None refuses these. dry_run: asked what an apply would
    make of a resource, instead of working it out here; mutations: what others would change on the way counts too.
    """

    ignore: tuple[IgnoreDifference, ...] = ()
    server_side: bool = False
    exact: bool = False
    manager: str = "argocd-controller"
    ignore_status: bool = True
    ignore_aggregated_roles: bool = True
    jq: JqPlaces | None = None
    dry_run: DryRun | None = None
    mutations: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Outcome of a comparison. predicted: what the live resource would be after a sync, None where it would go.

    live: what it is, both normalised and without what is ignored; None where there is none.
    """

    modified: bool
    predicted: Manifest | None
    live: Manifest | None


_DEFAULT = CompareSettings()


def compare(
    target: Manifest | None, live: Manifest | None, settings: CompareSettings = _DEFAULT
) -> Difference:
    """Compares what is desired (None: nothing) with what is live (None: nothing).

    Equal objects cost one plain comparison. Else both are normalised; what a sync would make of the live resource is
    worked out from them and from what was applied last, and compared. Fields that only the live resource has do not
    count, unless they were applied last time and are no longer desired.
    """
    if target is not None and live is not None and target == live:
        return Difference(modified=False, predicted=live, live=live)
    if target is None or live is None:
        return Difference(
            modified=target is not None or live is not None,
            predicted=_clean(target, settings),
            live=_clean(live, settings),
        )
    return _compare(target, live, settings)


def _compare(target: Manifest, live: Manifest, settings: CompareSettings) -> Difference:
    paths = ignored_paths(settings.ignore, target, live, settings.jq)
    wanted = without_paths(normalised(target, ignore_status=settings.ignore_status), paths)
    found = without_paths(normalised(live, ignore_status=settings.ignore_status), paths)
    if settings.ignore_aggregated_roles and _is_aggregated(wanted):
        wanted, found = _without_rules(wanted), _without_rules(found)
    if settings.exact:
        return Difference(modified=wanted != found, predicted=wanted, live=found)
    tried = settings.dry_run(target) if settings.dry_run is not None else None
    if tried is not None:
        if not settings.mutations:
            tried = without_mutations(tried, live, settings.manager)
        made = without_paths(normalised(tried, ignore_status=settings.ignore_status), paths)
        result = _without_rules(made) if settings.ignore_aggregated_roles and _is_aggregated(made) else made
    elif settings.server_side or has_option(target, "ServerSideApply=true"):
        result = server_side_predicted(wanted, found, live, settings.manager)
    else:
        before = _last_applied(live)
        if before is not None:
            before = without_paths(normalised(before, ignore_status=settings.ignore_status), paths)
        result = predicted(wanted, found, before, known=is_known_group(key_of(target).group))
    return Difference(modified=result != found, predicted=result, live=found)


def _clean(manifest: Manifest | None, settings: CompareSettings) -> Manifest | None:
    if manifest is None:
        return None
    paths = ignored_paths(settings.ignore, manifest, None, settings.jq)
    return without_paths(normalised(manifest, ignore_status=settings.ignore_status), paths)


def _last_applied(live: Manifest) -> Manifest | None:
    written = annotation(live, LAST_APPLIED)
    if not written:
        return None
    try:
        value = json.loads(written)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _is_aggregated(manifest: Manifest) -> bool:
    key = key_of(manifest)
    return key.kind == "ClusterRole" and manifest.get("aggregationRule") is not None


def _without_rules(manifest: Manifest) -> dict[str, Any]:
    return {name: value for name, value in manifest.items() if name != "rules"}
