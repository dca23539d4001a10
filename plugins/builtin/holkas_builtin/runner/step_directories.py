"""Whether a task's steps can look for their files under /tekton: results, artifacts, exit codes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from holkas.model.step import Sidecar, Step
from holkas.model.task import TaskSpec


def needs_tekton_files(spec: TaskSpec) -> bool:
    """False for a task that cannot name a path under /tekton; ``spec`` is what is run, all variables replaced.

    Nothing of its own speaks of one, and no file or variable from elsewhere, which could, is handed to it.
    """
    if spec.results or spec.workspaces or spec.volumes:
        return True
    containers: tuple[Step | Sidecar, ...] = (*spec.steps, *spec.sidecars)
    if any(part.env_from or any(variable.source for variable in part.env) for part in containers):
        return True
    if any(step.results or step.stdout_path or step.stderr_path for step in spec.steps):
        return True
    return any("tekton" in text for part in containers for text in _texts(part))


def make_step_directory(steps: Path, name: str, index: int) -> None:
    """A step's own directory in ``/tekton/steps``, also found by the step's number (Tekton, cmd/entrypoint)."""
    for part in ("results", "artifacts"):
        path = steps / name / part
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o777)
    (steps / str(index)).symlink_to(name)


def _texts(part: Step | Sidecar) -> Iterator[str]:
    yield part.script
    yield part.working_dir
    yield from part.command or ()
    yield from part.args or ()
    for variable in part.env:
        yield variable.value
