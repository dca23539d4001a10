"""What is known of a task run before any of its attempts."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from holkas.model.catalog import Catalog
from holkas.model.record import TaskRunRecord
from holkas.model.run import TaskRun
from holkas.model.task import TaskSpec
from holkas.records import replace

from holkas_builtin.runner.assignment import TaskAssignment
from holkas_builtin.runner.attempt import Attempt
from holkas_builtin.runner.errors import SetupError
from holkas_builtin.runner.fingerprint import Fingerprint, fingerprint
from holkas_builtin.runner.propagation import declare_propagated
from holkas_builtin.runner.run_context import RunContext


def blank_record(assignment: TaskAssignment, context: RunContext) -> TaskRunRecord:
    """The record of a task run that has not begun."""
    run = assignment.run
    return TaskRunRecord(
        name=run.name,
        pipeline_task=assignment.pipeline_task,
        combination=assignment.combination,
        display_name=assignment.display_name,
        params=run.params,
        when=assignment.when,
        ref=run.ref,
        ref_source=None if run.ref is None else context.catalog.sources.get(("Task", run.ref.key)),
        custom_kind=run.custom_kind,
        custom_spec=run.custom_spec,
        spec=_spec(assignment),
        started=time.time(),
        executor=context.executor.name,
    )


def digests_of(assignment: TaskAssignment, context: RunContext) -> Fingerprint:
    """Digests of what its outcome depends on; of a custom task with what it refers to, and on no executor."""
    kind = assignment.run.custom_kind
    if kind:
        document = custom_document(assignment.run, context.catalog)
        return fingerprint(
            assignment.run,
            (assignment.run.custom_spec, assignment.run.ref, document),
            context.catalog,
            executor=kind,
            key=context.key,
        )
    return fingerprint(
        assignment.run,
        _spec(assignment) or TaskSpec(),
        context.catalog,
        executor=context.executor.name,
        key=context.key,
    )


def custom_document(run: TaskRun, catalog: Catalog) -> Mapping[str, Any] | None:
    """The object that a custom task refers to, where the files hold it."""
    return None if run.ref is None else catalog.objects.get((run.custom_kind, run.ref.name))


def applied_spec(
    record: TaskRunRecord, assignment: TaskAssignment, context: RunContext, number: int
) -> TaskRunRecord:
    """The record with the spec as that attempt ran it."""
    attempt = Attempt(assignment, context, record.spec or TaskSpec(), Path(), number)
    try:
        return replace(record, applied_spec=attempt.applied())
    except SetupError:  # nothing changed, so it could be worked out before; a bug must not lose the run
        return record


def _spec(assignment: TaskAssignment) -> TaskSpec | None:
    spec = assignment.run.spec
    if spec is None or assignment.run.ref is not None:
        return spec
    return declare_propagated(spec, (binding.name for binding in assignment.run.workspaces))
