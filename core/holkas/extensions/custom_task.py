"""Custom tasks: tasks of kinds that Tekton leaves to others (an approval, a wait, a loop), each run of one a CustomRun.

Life cycle: :meth:`CustomTask.start` → :meth:`CustomExecution.wait`, which blocks until the run has ended → perhaps,
from another thread, :meth:`CustomExecution.cancel` → :meth:`CustomTask.close`. The runner makes a tool for each
CustomRun; others may start several with one, from several threads.

Source: Tekton's docs/customruns.md, whose "developer guides" say what a controller on a cluster does.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any, ClassVar

from holkas.model.param import Param
from holkas.model.record import Condition
from holkas.model.workspace import WorkspaceBinding
from holkas.pipeline.reasons import CustomRunReason
from holkas.records import dataclass

MAX_RESULTS = 1 << 20
"""Bytes of all results of a CustomRun together; etcd, and with it Kubernetes, takes no larger object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomRun:
    """One run of a custom task: what Tekton writes into the CustomRun's spec, and what a controller would look up.

    api_version, kind: of the custom task. ref_name: the object that is referred to; empty for an unnamed or embedded one.
    document: that object as it was written, None where the files do not hold it (the task may know it all the same).
    spec: of an embedded task, None for a reference. metadata: labels and annotations of an embedded task.
    params: with all variables of the pipeline replaced.
    workspaces: as they are bound. directories: each as a directory of this machine; of a ConfigMap or Secret it is a
    copy.
    retries: further attempts after a failure; the task makes them itself, or ignores the wish.
    timeout: seconds for each attempt, None for no limit.
    """

    name: str
    namespace: str = "default"
    api_version: str
    kind: str
    ref_name: str = ""
    document: Mapping[str, Any] | None = None
    spec: Mapping[str, Any] | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    params: tuple[Param, ...] = ()
    workspaces: tuple[WorkspaceBinding, ...] = ()
    directories: Mapping[str, Path] = field(default_factory=dict)
    retries: int = 0
    timeout: float | None = None
    service_account: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomOutcome:
    """How an attempt, or the whole of a CustomRun, ended.

    condition: status ``True`` or ``False``, with a reason and a message of the task's own.
    results: text each; a JSON array of strings can be taken as an array by other tasks, as with Tekton.
    started, finished: seconds since the epoch; None for what the runner saw.
    attempts: earlier attempts that failed, oldest first (``retriesStatus``).
    """

    condition: Condition
    results: Mapping[str, str] = field(default_factory=dict)
    started: float | None = None
    finished: float | None = None
    attempts: tuple[CustomOutcome, ...] = ()

    @classmethod
    def succeeded(
        cls, results: Mapping[str, str] | None = None, *, reason: str = "", message: str = ""
    ) -> CustomOutcome:
        """It ended well."""
        condition = Condition(status="True", reason=reason or CustomRunReason.SUCCEEDED, message=message)
        return cls(condition=condition, results=results or {})

    @classmethod
    def failed(cls, message: str, *, reason: str = "") -> CustomOutcome:
        """It failed for good: all retries that there were are used up."""
        return cls(
            condition=Condition(status="False", reason=reason or CustomRunReason.FAILED, message=message)
        )

    @classmethod
    def cancelled(cls, message: str = "") -> CustomOutcome:
        """It ended because it was told to; every task must be able to."""
        return cls(condition=Condition(status="False", reason=CustomRunReason.CANCELLED, message=message))

    @classmethod
    def timed_out(cls, message: str = "") -> CustomOutcome:
        """The last attempt took longer than it may."""
        return cls(condition=Condition(status="False", reason=CustomRunReason.TIMED_OUT, message=message))


class CustomTaskRefused(Exception):
    """The CustomRun cannot be begun: an unknown param, a spec that does not fit … One sentence without secrets.

    reason: for the condition, one word in CamelCase.
    """

    def __init__(self, message: str, reason: str = "ValidationFailed") -> None:
        super().__init__(message)
        self.reason = reason


class CustomExecution(ABC):
    """A CustomRun that goes on."""

    @abstractmethod
    def wait(self) -> CustomOutcome:
        """Block until it has ended, well or not; called once, in a thread of its own. Raises ToolError."""

    @abstractmethod
    def cancel(self, message: str) -> None:
        """``spec.status`` is ``RunCancelled`` now: end soon, with :meth:`CustomOutcome.cancelled`.

        It returns at once, and may be called twice, and after the end. message: who wants it.
        """


class CustomTask(ABC):
    """Runs custom tasks of some kinds. Safe for threads.

    capabilities: the kinds that it serves, each as ``apiVersion/kind`` (``example.dev/v1/Wait``); the provider has the
        same ones, so that it is known which plugin to ask before it is imported.
    """

    name: ClassVar[str]
    capabilities: ClassVar[frozenset[str]] = frozenset()

    @abstractmethod
    def start(self, run: CustomRun) -> CustomExecution:
        """Begin a CustomRun. Raises CustomTaskRefused, and ToolError.

        A run that goes on after a crash starts those again that had not ended, with the same name: where the work is
        done by a server, it can be taken up there.
        """

    def close(self) -> None:  # noqa: B027 - most tools hold nothing: nothing to do
        """Give back what it holds; nothing of it runs any more."""
