"""From decoded v1 manifests to the model. Documents of older versions are converted first (``conversion``).

Input is what ``decode`` lets through (with or without defaults). Fields that the model has no place for go to
``extra`` or ``metadata``; ``status`` is not read.
"""

from __future__ import annotations

from holkas_compat.tekton.reader.pipeline import read_pipeline, read_pipeline_spec
from holkas_compat.tekton.reader.run import read_custom_run, read_pipeline_run, read_task_run
from holkas_compat.tekton.reader.task import read_step_action, read_task, read_task_spec

__all__ = [
    "read_custom_run",
    "read_pipeline",
    "read_pipeline_run",
    "read_pipeline_spec",
    "read_step_action",
    "read_task",
    "read_task_run",
    "read_task_spec",
]
