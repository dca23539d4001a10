"""The order of a pipeline's tasks: no name twice, nobody waits for a stranger or, in the end, for itself.

Source: Tekton's pkg/reconciler/pipeline/dag, and docs/pipelines.md, "Configuring the Task execution order".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from holkas.model.path import PathPart
from holkas.records import dataclass

from holkas_compat.manifest.shape import items, name_of, record, records, texts
from holkas_compat.tekton.validation.expressions import (
    expressions_in,
    param_expressions,
    result_reference,
    when_expressions,
)
from holkas_compat.tekton.validation.names import did_you_mean
from holkas_compat.tekton.validation.scope import Scope


@dataclass(frozen=True, slots=True)
class Need:
    """A task that another one waits for. path: where it says so, from the task on. within: the reference."""

    task: str
    path: tuple[PathPart, ...]
    within: str = ""


def needs(task: Mapping[str, Any]) -> Iterator[Need]:
    """All tasks for which a task waits: those in runAfter, and those whose results it uses."""
    for index, name in enumerate(texts(task.get("runAfter"))):
        yield Need(name, ("runAfter", index))
    matrix = record(task.get("matrix"))
    lists: list[tuple[tuple[PathPart, ...], Any]] = [(("params",), task.get("params"))]
    lists.append((("matrix", "params"), matrix.get("params")))
    for number, include in enumerate(records(matrix.get("include"))):
        lists.append((("matrix", "include", number, "params"), include.get("params")))
    for path, params in lists:
        for index, param in enumerate(records(params)):
            yield from _results(param_expressions(param), (*path, index, "value"))
    for index, when in enumerate(records(task.get("when"))):
        yield from _results(when_expressions(when), ("when", index))
    spec = record(task.get("taskSpec"))
    for key in ("steps", "sidecars"):
        for index, container in enumerate(records(spec.get(key))):
            for path, value in _container_texts(container):
                yield from _results(expressions_in(value), ("taskSpec", key, index, *path))


def check_graph(tasks: Any, scope: Scope) -> None:
    """The tasks of a pipeline, without finally; ``scope`` is that of the list.

    A missing task and a cycle are reported only for a pipeline without the mistakes before, as in Tekton.
    """
    entries = records(tasks)
    names = [name_of(task) for task in entries]
    places: dict[str, int] = {}
    for index, name in enumerate(names):
        if places.setdefault(name, index) != index:
            scope.report("T403", f'there is more than one task "{name}"', "", at=(index, "name"))
            return
    wanted = {name: list(needs(task)) for name, task in zip(names, entries, strict=True)}
    if cycle := find_cycle({name: [need.task for need in found] for name, found in wanted.items()}):
        index = places.get(cycle[0], 0)
        chain = " → ".join(f'"{name}"' for name in [*cycle, cycle[0]])
        message = f"tasks wait for each other in a circle: {chain}"
        hint = "take away one runAfter or one use of a result in the circle"
        scope.report("T410", message, "", at=(index,), hint=hint)
        return
    for name, found in wanted.items():
        for need in found:
            if need.task not in places:
                at = (places[name], *need.path)
                message = (
                    f'the task "{name}" waits for "{need.task}", which is not among the tasks of the pipeline'
                )
                hint = did_you_mean(need.task, places)
                scope.report("T411", message, "", at=at, within=need.within, hint=hint)


def find_cycle(dependencies: Mapping[str, list[str]]) -> list[str]:
    """The names along a circle, each waiting for the next one and the last for the first.

    Empty if there is none.
    """
    state: dict[str, int] = {}
    for root in dependencies:
        if root in state:
            continue
        path = [root]
        state[root] = 1
        stack = [iter(dependencies[root])]
        while stack:
            following = next(stack[-1], None)
            if following is None:
                stack.pop()
                state[path.pop()] = 2
            elif state.get(following) == 1:
                return path[path.index(following) :]
            elif following not in state:
                state[following] = 1
                path.append(following)
                stack.append(iter(dependencies.get(following, ())))
    return []


def _container_texts(container: Mapping[str, Any]) -> Iterator[tuple[tuple[PathPart, ...], str]]:
    for key in ("name", "image", "imagePullPolicy", "script", "workingDir"):
        yield from _used((key,), container.get(key))
    for key in ("command", "args"):
        for index, value in enumerate(items(container.get(key))):
            yield from _used((key, index), value)
    for index, env in enumerate(records(container.get("env"))):
        yield from _used(("env", index, "value"), env.get("value"))
        source = record(env.get("valueFrom"))
        for key in ("secretKeyRef", "configMapKeyRef"):
            for part in ("name", "key"):
                yield from _used(("env", index, "valueFrom", key, part), record(source.get(key)).get(part))


def _used(path: tuple[PathPart, ...], value: Any) -> Iterable[tuple[tuple[PathPart, ...], str]]:
    """The text, where there is a reference in it."""
    return ((path, value),) if isinstance(value, str) and "$(" in value else ()


def _results(expressions: list[str], path: tuple[PathPart, ...]) -> Iterator[Need]:
    for expression in expressions:
        if reference := result_reference(expression):
            yield Need(reference.task, path, f"$({expression})")
