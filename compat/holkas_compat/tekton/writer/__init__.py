"""From the model to v1 manifests, fields in the order of Tekton's own types; empty fields are left out.

A document that was read and is written again says the same, up to this normalisation: durations as Go writes
them (``90s`` → ``1m30s``), values that are not strings as strings, a type that follows from a default or from
properties written out, the type ``string``, empty fields and the namespace ``default`` left out, no status;
StepActions in ``v1beta1``.
"""

from __future__ import annotations

from holkas_compat.tekton.writer.pipeline import write_pipeline, write_pipeline_spec
from holkas_compat.tekton.writer.run import write_pipeline_run, write_run, write_task_run
from holkas_compat.tekton.writer.task import write_step_action, write_task, write_task_spec

__all__ = [
    "write_pipeline",
    "write_pipeline_run",
    "write_pipeline_spec",
    "write_run",
    "write_step_action",
    "write_task",
    "write_task_run",
    "write_task_spec",
]
