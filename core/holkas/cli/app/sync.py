"""``holkas app sync``: bring Applications into their desired state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from holkas.cli.app import App
from holkas.cli.app.session import (
    health_option,
    local_option,
    revision_option,
    selector_option,
    target_option,
    timeout_option,
)
from holkas.cli.delivery.session import as_option
from holkas.cli.errors import FAILED, CommandError

if TYPE_CHECKING:
    from holkas.cli.app.session import Session
    from holkas.cli.app.syncing import Ended
    from holkas.model.resource import ResourceKey
    from holkas.reconciler.managed import Managed
    from holkas.reconciler.operation import Operation
    from holkas.reconciler.unit import Unit


@click.command(name="sync", short_help="Bring Applications into their desired state.")
@click.argument("names", nargs=-1, metavar="[NAME …]")
@click.option("--all", "everything", is_flag=True, help="Every Application of this repository.")
@selector_option
@revision_option
@local_option
@target_option
@click.option("--prune", is_flag=True, help="Delete resources that are no longer desired.")
@click.option("--dry-run", is_flag=True, help="Show what would be done; nothing is changed or recorded.")
@click.option("--force", is_flag=True, help="Delete and make anew what cannot be changed.")
@click.option("--replace", is_flag=True, help="Replace resources instead of merging into them.")
@click.option("--server-side", is_flag=True, help="Let the target merge, where it can.")
@click.option("--apply-out-of-sync-only", is_flag=True, help="Leave alone what is as it should be.")
@click.option(
    "--resource",
    "resources",
    multiple=True,
    metavar="GROUP:KIND:NAME",
    help="Only this resource ([NAMESPACE/]NAME; ! before it: all but this one; * for any); no hooks run then.",
)
@click.option("--strategy", type=click.Choice(("hook", "apply")), default="hook", help="apply runs no hooks.")
@click.option("--retry-limit", type=int, default=None, metavar="N", help="Further attempts after a failure.")
@timeout_option
@click.option(
    "-o",
    "--output",
    type=click.Choice(("table", "json", "yaml", "name")),
    default="table",
    help="Form of the outcome.",
)
@click.option("--quiet", is_flag=True, help="No progress on standard error.")
@health_option
@as_option
@click.pass_obj
def command(app: App, /, names: tuple[str, ...], **given: Any) -> int:
    """Sync Applications: the resources of HEAD, or of --revision, are applied to the target wave by wave.

    What an earlier sync left half done is finished first. Applications that name others in `holkas.dev/depends-on`
    begin when those are synced and healthy. A sync by hand ends a rollback that was kept.

    Exit code: 0 all succeeded, 1 one failed, 2 wrong usage, 124 the time was over.
    """
    from holkas.cli.app.session import session
    from holkas.cli.app.syncing import Syncing, exit_code_of, layers_of
    from holkas.cli.app.telling import teller

    selectors = [_selector(text) for text in given["resources"]]
    with session(
        app,
        target=given["target"],
        revision=given["revision"],
        local=given["local"],
        health=given["health_checks"],
        needs_target=True,
        recording=not given["dry_run"],
        told=teller(quiet=given["quiet"]),
    ) as view:
        units = view.chosen(names, everything=given["everything"], selector=given["selector"])
        who = _who(app, given["who"])

        def make(unit: Unit) -> tuple[Operation, Managed]:
            return _request(view, unit, who, selectors, given)

        layers = layers_of(units) if not given["dry_run"] else [units]
        others = {} if given["dry_run"] else view.units
        ended = Syncing(given["timeout"], others=others).run(layers, make)
        show(ended, given["output"], dry_run=given["dry_run"])
    return exit_code_of(ended)


def _who(app: App, name: str | None) -> str:
    from holkas.cli.delivery.session import somebody

    return somebody(app, name).name


def _request(
    view: Session, unit: Unit, who: str, selectors: Sequence[Any], given: dict[str, Any]
) -> tuple[Operation, Managed]:
    """The operation of one Application. Raises CommandError where none may begin."""
    from holkas.reconciler.deciding import window_refusal
    from holkas.reconciler.forms import retry_form

    managed = unit.declared
    if managed.desired.conditions:
        kind, message = managed.desired.conditions[0]
        raise CommandError(f"{unit.name}: {kind}: {message}", exit_code=FAILED)
    if reason := window_refusal(managed, unit.tools.clock(), manual=True):
        raise CommandError(
            f"{unit.name}: {reason}", exit_code=FAILED, hint="`holkas proj check` shows when it opens"
        )
    chosen: dict[str, Any] = {
        name: True
        for name in ("prune", "dry_run", "force", "replace", "server_side", "apply_out_of_sync_only")
        if given[name]
    }
    if given["prune"]:
        chosen["prune_confirmed"] = True
    if given["strategy"] == "apply":
        chosen["skip_hooks"] = True
    unit.release("synced by hand")
    retry = retry_form(managed.application.policy.retry)
    if given["retry_limit"] is not None:
        retry = {"backoff": None, "refresh": None, **(retry or {}), "limit": given["retry_limit"]}
    operation = unit.request(
        managed, managed.options(**chosen), selected=_selected(unit, managed, selectors), by=who, retry=retry
    )
    return operation, managed


def show(ended: Sequence[Ended], output: str, *, dry_run: bool = False) -> None:
    """The outcomes, with how each Application stands now."""
    from holkas.cli.render.table import emit

    items = []
    for one in ended:
        one.unit.view.refresh()
        status = one.unit.compare()
        items.append(
            {
                "name": one.unit.name,
                "phase": one.phase or "Running",
                "message": one.message,
                "dryRun": dry_run,
                "revisions": list(one.unit.managed().desired.revisions),
                "sync": str(status.sync),
                "health": str(status.health),
            }
        )
    columns = [
        ("name", lambda item: item["name"]),
        ("phase", lambda item: item["phase"]),
        ("status", lambda item: item["sync"]),
        ("health", lambda item: item["health"]),
        ("message", lambda item: item["message"]),
    ]
    emit(items, columns, output, kind="SyncList")


def _selector(text: str) -> tuple[bool, str, str, str, str]:
    """Whether it excludes, group, kind, namespace (``*`` where none is given), name. Raises CommandError."""
    parts = text.removeprefix("!").split(":")
    if len(parts) != 3 or not parts[1] or not parts[2]:
        raise CommandError(
            f"--resource {text!r} is not GROUP:KIND:NAME", hint="the core group is empty: :Service:web"
        )
    namespace, slash, name = parts[2].rpartition("/")
    return text.startswith("!"), parts[0], parts[1], namespace if slash else "*", name


def _selected(
    unit: Unit, managed: Managed, selectors: Sequence[tuple[bool, str, str, str, str]]
) -> frozenset[ResourceKey] | None:
    if not selectors:
        return None
    from fnmatch import fnmatchcase

    live = unit.view.live_for(unit.name, managed.desired.keys)
    keys = {*managed.desired.keys, *live}

    def matches(key: ResourceKey, one: tuple[bool, str, str, str, str]) -> bool:
        pairs = zip((key.group, key.kind, key.namespace, key.name), one[1:], strict=True)
        return all(fnmatchcase(value, pattern) for value, pattern in pairs)

    wanted = [one for one in selectors if not one[0]]
    unwanted = [one for one in selectors if one[0]]
    found = frozenset(
        key
        for key in keys
        if (not wanted or any(matches(key, one) for one in wanted))
        and not any(matches(key, one) for one in unwanted)
    )
    if not found:
        raise CommandError(
            f"{unit.name} has no such resource", hint=f"`holkas app resources {unit.name}` lists them"
        )
    return found
