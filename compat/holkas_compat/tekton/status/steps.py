"""What became of steps and sidecars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from holkas.model.record import StepRecord
from holkas.model.step import Container
from holkas.model.task import TaskSpec

from holkas_compat.tekton.status.condition import timestamp
from holkas_compat.tekton.writer.fields import filled, plain
from holkas_compat.tekton.writer.params import write_results


def step_states(records: Iterable[StepRecord], spec: TaskSpec | None) -> list[dict[str, Any]]:
    """``status.steps``."""
    images = _digests(() if spec is None else spec.steps, None if spec is None else spec.step_template)
    return [
        {"name": record.name, "container": f"step-{record.name}"}
        | filled(imageID=record.image or images.get(record.name))
        | _state(record)
        | filled(
            results=write_results(record.results),
            terminationReason=record.termination,
            inputs=plain(record.inputs),
            outputs=plain(record.outputs),
        )
        for record in records
    ]


def sidecar_states(records: Iterable[StepRecord], spec: TaskSpec | None) -> list[dict[str, Any]]:
    """``status.sidecars``."""
    images = _digests(() if spec is None else spec.sidecars, None)
    return [
        {"name": record.name, "container": f"sidecar-{record.name}"}
        | filled(imageID=record.image or images.get(record.name))
        | _state(record)
        for record in records
    ]


def _state(record: StepRecord) -> dict[str, Any]:
    if record.exit_code is not None:
        ended: dict[str, Any] = {
            "exitCode": record.exit_code,
            "reason": record.reason or ("Error" if record.exit_code else "Completed"),
        }
        times = filled(startedAt=timestamp(record.started), finishedAt=timestamp(record.finished))
        return {"terminated": ended | times}
    if record.started is not None:
        return {"running": {"startedAt": timestamp(record.started)}}
    return {"waiting": {"reason": record.reason or "PodInitializing"}}


def _digests(containers: Iterable[Container], template: Container | None) -> Mapping[str, str]:
    """Images by step name, where the manifest pins them by digest: only then is it sure what ran."""
    default = "" if template is None else template.image
    images = {
        container.name or f"unnamed-{index}": container.image or default
        for index, container in enumerate(containers)
    }
    return {name: image for name, image in images.items() if "@sha256:" in image}
