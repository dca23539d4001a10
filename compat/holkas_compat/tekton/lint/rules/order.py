"""Who waits for whom in a pipeline, and which tasks may be skipped; linear in tasks and references."""

from __future__ import annotations

from holkas_compat.manifest.shape import records, texts
from holkas_compat.tekton.lint.rules.parts import PipelinePart, PipelineTaskPart

_NOT_WAITED_FOR = ("taskRef", "pipelineRef", "displayName", "workspaces")
"""Fields that are filled in with results that are there, without waiting for them (resultref.go)."""


def result_parents(task: PipelineTaskPart) -> set[str]:
    """The tasks whose results a task uses, and for which it therefore waits."""
    return {
        use.reference.names[0]
        for use in task.uses
        if use.path[len(task.path) : len(task.path) + 1] not in {(field,) for field in _NOT_WAITED_FOR}
        and use.reference.scope == "tasks"
        and len(use.reference.names) >= 3
        and use.reference.names[1] == "results"
    }


def ancestors(part: PipelinePart) -> list[int]:
    """For each task the set of tasks that are done before it starts, as a number whose bits are their indexes.

    Tasks under ``finally`` start after all others. Tasks in a circle, which Tekton refuses, wait for nobody here.
    """
    known = {name: task.index for name, task in part.by_name.items() if not task.final}
    everyone = sum(1 << index for index in known.values())
    parents = [
        set() if task.final else {known[name] for name in _waits_for(task) if name in known}
        for task in part.tasks
    ]
    children: list[list[int]] = [[] for _ in part.tasks]
    for index, above in enumerate(parents):
        for parent in above:
            children[parent].append(index)
    before = [everyone if task.final else 0 for task in part.tasks]
    waiting = [len(above) for above in parents]
    free = [index for index, count in enumerate(waiting) if not count]
    for index in free:
        for child in children[index]:
            before[child] |= before[index] | 1 << index
            waiting[child] -= 1
            if not waiting[child]:
                free.append(child)
    return before


def _waits_for(task: PipelineTaskPart) -> set[str]:
    return result_parents(task) | set(texts(task.spec.get("runAfter")))


def may_be_skipped(part: PipelinePart) -> dict[str, str]:
    """Tasks that a ``when`` may keep from running, with the task whose ``when`` it is.

    Consumers of a skipped task's results are skipped with it, and all that comes after those; tasks that only run
    after it are not (Tekton's documentation of ``when``).
    """
    cause: dict[str, str] = {}
    spreading: list[str] = []
    users: dict[str, list[PipelineTaskPart]] = {}
    followers: dict[str, list[PipelineTaskPart]] = {}
    for task in part.tasks:
        if task.final:
            continue
        for name in result_parents(task):
            users.setdefault(name, []).append(task)
        for name in texts(task.spec.get("runAfter")):
            followers.setdefault(name, []).append(task)
        if records(task.spec.get("when")):
            cause[task.name] = task.name
            spreading.append(task.name)
    for name in spreading:
        after = users.get(name, [])
        if cause[name] != name:
            after = after + followers.get(name, [])
        for task in after:
            if task.name not in cause:
                cause[task.name] = cause[name]
                spreading.append(task.name)
    return cause
