"""Variables that are paths: of results, of what steps leave behind, of artifacts."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable

from holkas.model.step import Step
from holkas.model.task import TaskSpec
from holkas.pipeline.apply_container import substitute_step
from holkas.pipeline.sharing import change_each
from holkas.pipeline.substitute_task import substitute_task
from holkas.pipeline.substitution import Replacements
from holkas.records import dataclass, replace


def _itself(path: str) -> str:
    return path


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPaths:
    """Where a step finds things.

    locate: turns a path of the step's world (``/tekton/results/x``, ``/workspace/source``) into the one that
        the step is to use; an executor without isolation gives a path of the host. The other fields are in
        the step's world, before ``locate``.
    """

    results: str = "/tekton/results"
    steps: str = "/tekton/steps"
    artifacts: str = "/tekton/artifacts"
    credentials: str = "/tekton/creds"
    workspaces: str = "/workspace"
    locate: Callable[[str], str] = _itself


def step_directory(name: str, index: int) -> str:
    """The name under which a step has its directory: ``step-<name>``, or ``step-unnamed-<index>``."""
    return f"step-{name}" if name else f"step-unnamed-{index}"


def apply_result_paths(spec: TaskSpec, paths: TaskPaths | None = None) -> TaskSpec:
    """Replace ``$(results.r.path)``, and ``$(step.results.r.path)`` in each step."""
    paths = paths or TaskPaths()

    def step_values(step: Step, directory: str) -> dict[str, str]:
        return dict(
            _path_values("step.results", (r.name for r in step.results), f"{directory}/results", paths)
        )

    spec = _substitute_steps(spec, step_values, paths)
    names = (result.name for result in spec.results)
    return substitute_task(spec, Replacements(dict(_path_values("results", names, paths.results, paths))))


def _path_values(
    prefix: str, names: Iterable[str], directory: str, paths: TaskPaths
) -> Iterable[tuple[str, str]]:
    for name in names:
        path = paths.locate(posixpath.join(directory, name))
        for spelling in (f"{prefix}.{name}.path", f'{prefix}["{name}"].path', f"{prefix}['{name}'].path"):
            yield spelling, path


def apply_artifact_paths(spec: TaskSpec, paths: TaskPaths | None = None) -> TaskSpec:
    """Replace ``$(artifacts.path)`` and ``$(step.artifacts.path)`` in the steps."""
    paths = paths or TaskPaths()
    task_path = paths.locate(posixpath.join(paths.artifacts, "provenance.json"))

    def step_values(step: Step, directory: str) -> dict[str, str]:
        own = paths.locate(f"{directory}/artifacts/provenance.json")
        return {"step.artifacts.path": own, "artifacts.path": task_path}

    return _substitute_steps(spec, step_values, paths)


def apply_exit_code_paths(spec: TaskSpec, paths: TaskPaths | None = None) -> TaskSpec:
    """Replace ``$(steps.step-<name>.exitCode.path)``, and the same without ``step-``, as step results are spelled."""
    paths = paths or TaskPaths()
    values: dict[str, str] = {}
    for index, step in enumerate(spec.steps):
        name = step_directory(step.name, index)
        path = paths.locate(posixpath.join(paths.steps, name, "exitCode"))
        values[f"steps.{name}.exitCode.path"] = path
        if step.name:
            values.setdefault(f"steps.{step.name}.exitCode.path", path)
    return substitute_task(spec, Replacements(values))


def _substitute_steps(
    spec: TaskSpec, values: Callable[[Step, str], dict[str, str]], paths: TaskPaths
) -> TaskSpec:
    directories = (
        posixpath.join(paths.steps, step_directory(step.name, index)) for index, step in enumerate(spec.steps)
    )
    steps = change_each(
        spec.steps, lambda step: substitute_step(step, Replacements(values(step, next(directories))))
    )
    return spec if steps is spec.steps else replace(spec, steps=steps)
