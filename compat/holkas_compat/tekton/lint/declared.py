"""What a run may be given: the declarations of its task or pipeline."""

from __future__ import annotations

from holkas.model.run import Run, TaskRun

from holkas_compat.tekton.catalog import Shelf
from holkas_compat.tekton.lint.site import Declared, embedded, pipeline_declares, task_declares


def run_declares(run: Run, shelf: Shelf) -> Declared | None:
    """What the task or pipeline of a run declares; None where it is unknown."""
    if isinstance(run, TaskRun):
        if run.spec is not None:
            return embedded(run.spec, f'task "{run.name}"' if run.name else "the task")
        return None if run.ref is None else task_declares(run.ref, shelf)
    if run.spec is not None:
        return embedded(run.spec, f'pipeline "{run.name}"' if run.name else "the pipeline")
    return None if run.ref is None else pipeline_declares(run.ref, shelf)
