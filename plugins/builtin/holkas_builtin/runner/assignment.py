"""One task run to carry out, with all that the pipeline says of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.model.catalog import Catalog
from holkas.model.run import TaskRun
from holkas.model.when import When
from holkas.records import dataclass, replace

from holkas_builtin.runner.cancellation import Cancellation


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAssignment:
    """One task run to carry out. ``run.spec`` is the resolved spec, None where its reference leads nowhere.

    task_name: for ``$(context.task.name)``. owner: the run that claims made of templates belong to.
    ignored: a failure of this task does not fail its pipeline (``onError: continue``).
    cacheable: the task has nothing against being taken from the cache.
    path: the pipeline tasks that lead to its pipeline, with slashes; empty for the run's own pipeline.
    """

    run: TaskRun
    cancellation: Cancellation
    pipeline_task: str = ""
    combination: int | None = None
    display_name: str = ""
    when: tuple[When, ...] = ()
    task_name: str = ""
    owner: str = ""
    ignored: bool = False
    path: str = ""
    cacheable: bool = True

    def log_name(self, attempt: int) -> str:
        """Directory of an attempt's logs; that of a pipeline inside others is below its own, as names may be the same."""
        name = self.run.name if attempt == 0 else f"{self.run.name}.{attempt}"
        return f"{self.path}/{name}" if self.path else name


def lone_assignment(run: TaskRun, catalog: Catalog, cancellation: Cancellation) -> TaskAssignment:
    """A task run of its own, outside of any pipeline.

    Its object params win over the defaults of an embedded spec, unlike those of a pipeline run: the task run's
    reconciler never looks at what validation wrote (examples/v1/taskruns/stepaction-params.yaml).
    """
    spec, name = run.spec, run.name
    if run.ref is not None:
        task = catalog.tasks.get(run.ref.key)
        spec, name = (None, run.ref.name) if task is None else (task.spec, task.name)
    return TaskAssignment(
        run=replace(run, spec=spec),
        cancellation=cancellation,
        task_name=name,
        owner=run.name,
        cacheable=may_be_cached(run.annotations),
    )


def may_be_cached(*annotations: Mapping[str, Any]) -> bool:
    """Whether none of these says ``holkas.dev/cache: "false"``."""
    return not any(str(each.get("holkas.dev/cache", "")).lower() == "false" for each in annotations)
