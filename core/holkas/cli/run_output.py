"""What ``holkas run`` leaves on standard output, and its exit code."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from holkas.cli.errors import FAILED, INTERRUPTED, OK, TIMEOUT

if TYPE_CHECKING:
    from holkas.model.record import RunRecord
    from holkas.state.masking import Masker

_TIMEOUTS = {"PipelineRunTimeout", "TaskRunTimeout", "CustomRunTimedOut"}
_CANCELLED = {
    "Cancelled",
    "CancelledRunningFinally",
    "StoppedRunningFinally",
    "TaskRunCancelled",
    "CustomRunCancelled",
}


def print_runs(manifests: Sequence[dict[str, Any]], output: str, secrets: Masker) -> None:
    """Print runs as manifests (``yaml``, ``json``) or as ``kubectl`` names them (``name``), secrets masked."""
    if output == "name":
        for manifest in manifests:
            name = f"{manifest['kind'].lower()}.tekton.dev/{manifest['metadata']['name']}"
            click.echo(secrets.mask_text(name))
        return
    masked = [secrets.mask_json(manifest) for manifest in manifests]
    if output == "yaml":
        from holkas.yaml import dump_all

        click.echo(dump_all(masked), nl=False)
        return
    value = masked[0] if len(masked) == 1 else {"apiVersion": "v1", "kind": "List", "items": masked}
    click.echo(json.dumps(value, indent=2))


def exit_code(records: Sequence[RunRecord]) -> int:
    """0 when all succeeded, 130 when one was cancelled, 124 when those that failed ran out of time, else 1."""
    reasons = {record.condition.reason for record in records if not record.condition.succeeded}
    if not reasons:
        return OK
    if reasons & _CANCELLED:
        return INTERRUPTED
    return TIMEOUT if reasons <= _TIMEOUTS else FAILED
