"""A run as a manifest, with its status where it is known."""

from __future__ import annotations

from typing import Any

from holkas.model.record import PipelineRunRecord, RunRecord
from holkas.model.run import Run

from holkas_compat.tekton.status.customrun import custom_run_status
from holkas_compat.tekton.status.pipelinerun import pipeline_run_status
from holkas_compat.tekton.status.taskrun import task_run_status
from holkas_compat.tekton.writer.run import write_run


def manifest(run: Run, record: RunRecord | None = None) -> dict[str, Any]:
    """The document of a run in its kind's newest version; with ``record`` also its ``status``.

    A run that was carried out has Tekton's defaults in its spec, as on a cluster.
    """
    from holkas_compat.tekton.defaults import apply_defaults
    from holkas_compat.tekton.schema.ordering import ordered

    document = write_run(run)
    if record is None:
        return ordered(document)
    return {**ordered(apply_defaults(document)), "status": record_status(record)}


def record_status(record: RunRecord) -> dict[str, Any]:
    """The status of a run of any kind."""
    if isinstance(record, PipelineRunRecord):
        return pipeline_run_status(record)
    return custom_run_status(record) if record.custom_kind else task_run_status(record)
