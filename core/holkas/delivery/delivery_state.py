"""What is known of a delivery: its entries, folded one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from enum import StrEnum
from typing import Any

from holkas.delivery import event_types as on
from holkas.model.artifact import Artifact
from holkas.model.revision import Person, Revision
from holkas.records import dataclass


class Outcome(StrEnum):
    """How a delivery ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    REFUSED = "refused"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    QUARANTINED = "quarantined"


@dataclass(slots=True)
class EnvironmentProgress:
    """How far a delivery is in one environment. Times are seconds since the epoch, None for not yet.

    approvals: who → when. deployed: whether the agent succeeded, None while unknown. checks: phase and name →
    whether it succeeded, None while it runs.
    """

    arrived: float | None = None
    approvals: dict[str, float] = field(default_factory=dict)
    rejected: str = ""
    opened: float | None = None
    opened_by: tuple[str, ...] = ()
    release: str = ""
    started: float | None = None
    deployed: bool | None = None
    refused: str = ""
    message: str = ""
    configuration: Mapping[str, Any] = field(default_factory=dict)
    checks: dict[tuple[str, str], bool | None] = field(default_factory=dict)
    passed: float | None = None

    @property
    def failed(self) -> bool:
        """Whether the deployment or a check went wrong."""
        return bool(self.refused) or self.deployed is False or False in self.checks.values()


@dataclass(slots=True)
class DeliveryState:
    """One delivery. ``number`` of the last entry that was folded in is ``last``.

    builds: how many were begun. built: whether the last one succeeded, None while unknown. run: the build server's id
    of it. results: what it handed back. built_digests: name → digest of what it made. artifacts: as published.
    stage: where it ended.
    """

    project: str = ""
    number: int = 0
    last: int = 0
    revision: Revision = field(default_factory=lambda: Revision(repository="", id=""))
    by: str = ""
    account: str = ""
    requested: float = 0.0
    builds: int = 0
    build_started: float | None = None
    build_finished: float | None = None
    run: str = ""
    built: bool | None = None
    build_message: str = ""
    results: dict[str, Any] = field(default_factory=dict)
    built_artifacts: dict[str, dict[str, Any]] = field(default_factory=dict)
    artifacts: tuple[Artifact, ...] = ()
    environments: dict[str, EnvironmentProgress] = field(default_factory=dict)
    outcome: Outcome | None = None
    stage: str = ""
    message: str = ""
    finished: float | None = None

    def at(self, environment: str) -> EnvironmentProgress:
        """The progress in an environment; nothing yet where it has not come."""
        return self.environments.get(environment) or EnvironmentProgress()

    @property
    def digests(self) -> dict[str, str]:
        """Name → digest of what is delivered."""
        return {artifact.name: artifact.digest for artifact in self.artifacts}

    @property
    def versions(self) -> dict[str, str]:
        """Name → version of what is delivered."""
        return {artifact.name: artifact.version for artifact in self.artifacts}

    def apply(self, kind: str, data: Mapping[str, Any], time: float) -> None:
        """Take in one entry; those of other subjects change nothing."""
        fold = _FOLDS.get(kind)
        if fold is not None:
            fold(self, data, time)

    def _environment(self, data: Mapping[str, Any]) -> EnvironmentProgress:
        return self.environments.setdefault(data["environment"], EnvironmentProgress())


def folded(entries: Iterable[tuple[str, Mapping[str, Any], float, int]]) -> DeliveryState:
    """The state after entries (type, data, time, number)."""
    state = DeliveryState()
    for kind, data, time, number in entries:
        state.apply(kind, data, time)
        state.last = number
    return state


def _requested(state: DeliveryState, data: Mapping[str, Any], time: float) -> None:
    state.project, state.number, state.requested = data["project"], data["delivery"], time
    state.by, state.account = data["by"], data.get("account", "")
    state.revision = revision_of(data["revision"])


def _reopened(state: DeliveryState, data: Mapping[str, Any], time: float) -> None:
    """What failed is done again; what passed stays passed, and what was published stays published."""
    state.outcome, state.finished, state.message = None, None, ""
    if state.built is False:
        state.built, state.run = None, ""
    for name, progress in list(state.environments.items()):
        if progress.passed is None:
            kept = EnvironmentProgress(approvals=dict(progress.approvals))
            state.environments[name] = EnvironmentProgress() if progress.rejected else kept
    for name in data.get("again", ()):
        state.environments.pop(name, None)


def _finished(state: DeliveryState, data: Mapping[str, Any], time: float) -> None:
    state.outcome, state.stage = Outcome(data["outcome"]), data.get("stage", "")
    state.message, state.finished = data.get("message", ""), time


def _build_started(state: DeliveryState, data: Mapping[str, Any], time: float) -> None:
    state.builds, state.built, state.run = data["attempt"], None, ""
    state.build_started, state.build_finished = time, None


def _build_running(state: DeliveryState, data: Mapping[str, Any], time: float) -> None:
    state.run = data["run"]


def _build_finished(state: DeliveryState, data: Mapping[str, Any], time: float) -> None:
    state.built, state.build_finished = data["succeeded"], time
    state.run, state.build_message = data.get("run", ""), data.get("message", "")
    state.results = dict(data.get("results", {}))
    state.built_artifacts = {one["name"]: dict(one) for one in data.get("artifacts", ())}


def _published(state: DeliveryState, data: Mapping[str, Any], time: float) -> None:
    state.artifacts = tuple(artifact_of(one) for one in data["artifacts"])


def _arrived(state: DeliveryState, data: Mapping[str, Any], time: float) -> None:
    progress = state._environment(data)
    progress.arrived = progress.arrived or time


def _approved(state: DeliveryState, data: Mapping[str, Any], time: float) -> None:
    state._environment(data).approvals.setdefault(data["by"], time)


def _rejected(state: DeliveryState, data: Mapping[str, Any], time: float) -> None:
    state._environment(data).rejected = data["by"]


def _opened(state: DeliveryState, data: Mapping[str, Any], time: float) -> None:
    progress = state._environment(data)
    progress.arrived, progress.opened = progress.arrived or time, time
    progress.opened_by = tuple(data.get("by", ()))


def _deployment_started(state: DeliveryState, data: Mapping[str, Any], time: float) -> None:
    progress = state._environment(data)
    progress.started, progress.release, progress.deployed = time, data["release"], None
    progress.configuration = data.get("configuration", {})


def _deployment_finished(state: DeliveryState, data: Mapping[str, Any], time: float) -> None:
    progress = state._environment(data)
    progress.deployed, progress.message = data["succeeded"], data.get("message", "")


def _deployment_refused(state: DeliveryState, data: Mapping[str, Any], time: float) -> None:
    progress = state._environment(data)
    progress.refused = progress.message = data["message"]


def _check_started(state: DeliveryState, data: Mapping[str, Any], time: float) -> None:
    state._environment(data).checks[data["phase"], data["check"]] = None


def _check_finished(state: DeliveryState, data: Mapping[str, Any], time: float) -> None:
    progress = state._environment(data)
    progress.checks[data["phase"], data["check"]] = data["succeeded"]
    if not data["succeeded"]:
        progress.message = data.get("message", "")


def _passed(state: DeliveryState, data: Mapping[str, Any], time: float) -> None:
    state._environment(data).passed = time


_FOLDS = {
    on.REQUESTED: _requested,
    on.REOPENED: _reopened,
    on.FINISHED: _finished,
    on.BUILD_STARTED: _build_started,
    on.BUILD_RUNNING: _build_running,
    on.BUILD_FINISHED: _build_finished,
    on.PUBLISHED: _published,
    on.ARRIVED: _arrived,
    on.APPROVED: _approved,
    on.REJECTED: _rejected,
    on.GATE_OPENED: _opened,
    on.DEPLOYMENT_STARTED: _deployment_started,
    on.DEPLOYMENT_FINISHED: _deployment_finished,
    on.DEPLOYMENT_REFUSED: _deployment_refused,
    on.CHECK_STARTED: _check_started,
    on.CHECK_FINISHED: _check_finished,
    on.PASSED: _passed,
}


def revision_data(revision: Revision) -> dict[str, Any]:
    """A revision as JSON; of its message the first line."""
    return {
        "repository": revision.repository,
        "id": revision.id,
        "ref": revision.ref,
        "author": {"name": revision.author.name, "email": revision.author.email},
        "time": revision.time,
        "message": revision.message.partition("\n")[0],
    }


def revision_of(data: Mapping[str, Any]) -> Revision:
    """A revision from JSON."""
    return Revision(**{**data, "author": Person(**data["author"])})


def artifact_data(artifact: Artifact) -> dict[str, Any]:
    """An artifact as JSON: what it takes to find it again and to see that it is the same."""
    return {
        "name": artifact.name,
        "version": artifact.version,
        "digest": artifact.digest,
        "size": artifact.size,
        "tree": artifact.tree,
        "media_type": artifact.media_type,
        "location": artifact.location,
    }


def artifact_of(data: Mapping[str, Any]) -> Artifact:
    """An artifact from JSON."""
    return Artifact(**data)
