"""An application as it was to be at its last sync, from what is kept of it: no source is asked."""

from __future__ import annotations

from dataclasses import replace

from holkas.reconciler.book import view_of
from holkas.reconciler.declared import Declarations
from holkas.reconciler.desired_store import DesiredStore
from holkas.reconciler.requesting import Going, nothing_goes
from holkas.reconciler.target_pool import TargetPool
from holkas.reconciler.unit import Tools, Unit


def kept_unit(
    name: str, declarations: Declarations, targets: TargetPool, tools: Tools, going: Going = nothing_goes
) -> Unit | None:
    """The application of a name for labels; None where nothing is kept of it. Raises ToolError."""
    if tools.ledger is None:
        return None
    view = view_of(tools.ledger, tools.place.installation, name)
    store = DesiredStore(tools.place.root, name)
    for form in (view["operation"], view["last"], *reversed(view["history"])):
        kept = store.load(str(form.get("desired"))) if form is not None else None
        managed = declarations.of_manifest(kept.manifest) if kept is not None else None
        if form is None or managed is None:
            continue
        parent = str((view.get("declared") or {}).get("parent", ""))
        unit = Unit(replace(managed, parent=parent), targets.view(managed.place), tools, going)
        found = unit.kept(str(form["desired"]), tuple(form["revisions"]))
        unit.declared = replace(unit.declared, desired=found.desired)
        return unit
    return None
