"""A CustomRun's status (pkg/apis/run/v1beta1/customrunstatus_types.go)."""

from __future__ import annotations

from typing import Any

from holkas.model.record import TaskRunRecord

from holkas_compat.tekton.status.condition import conditions, timestamp
from holkas_compat.tekton.writer.fields import filled


def custom_run_status(record: TaskRunRecord) -> dict[str, Any]:
    """``status`` of a CustomRun; its results are text without a type."""
    out: dict[str, Any] = {"conditions": conditions(record.condition, record.started, record.finished)}
    return out | filled(
        startTime=timestamp(record.started),
        completionTime=timestamp(record.finished),
        results=[{"name": result.name, "value": result.value} for result in record.results],
        retriesStatus=[custom_run_status(attempt) for attempt in record.attempts],
    )
