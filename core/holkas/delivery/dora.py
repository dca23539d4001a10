"""The four key metrics of DORA, by environment, from the ledger's entries.

Source: DORA, "Software delivery performance metrics" (deployment frequency, lead time for changes, change failure rate,
failed deployment recovery time). The definitions that are used are in :data:`DEFINITIONS`.
"""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median
from typing import Any

from holkas.delivery import event_types as on
from holkas.delivery.projection import Recorded
from holkas.records import dataclass

DEFINITIONS = {
    "deployment_frequency": "releases that passed the environment a day, over the whole period",
    "lead_time": "median of the seconds from the commit to the moment when its release passed the environment",
    "change_failure_rate": (
        "share of the releases that were brought into the environment and then failed there or were rolled back"
    ),
    "time_to_restore": (
        "median of the seconds from a failure in the environment to the next release that passed, or rollback that "
        "succeeded"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DoraMetrics:
    """One environment in one period. Times in seconds, None where there was nothing to measure.

    deployments: releases that passed. attempts: releases that were brought in. failures: those that failed or were
    rolled back.
    """

    environment: str
    deployments: int
    attempts: int
    failures: int
    deployment_frequency: float
    lead_time: float | None
    change_failure_rate: float | None
    time_to_restore: float | None


class _Counter:
    def __init__(self) -> None:
        self.deployments = 0
        self.attempts: set[str] = set()
        self.failures: set[str] = set()
        self.leads: list[float] = []
        self.restores: list[float] = []
        self.down: float | None = None

    def fail(self, what: str, time: float) -> None:
        self.failures.add(what)
        self.down = time if self.down is None else self.down

    def restore(self, time: float) -> None:
        if self.down is not None:
            self.restores.append(time - self.down)
            self.down = None


def dora(entries: Iterable[Recorded], *, since: float, until: float) -> list[DoraMetrics]:
    """The metrics of a project's environments, in the order in which they were first reached.

    entries: of all streams of the project in order, from the beginning (commits of earlier times are needed). since
    inclusive, until exclusive: seconds since the epoch.
    """
    counters: dict[str, _Counter] = {}
    committed: dict[int, float] = {}
    for entry in entries:
        data, kind = entry.data, entry.type
        if kind == on.REQUESTED:
            committed[data["delivery"]] = data["revision"]["time"]
        environment = data.get("environment") or (data.get("stage") if kind == on.FINISHED else "")
        if not environment or environment == on.BUILD:
            continue
        counter = counters.setdefault(environment, _Counter())
        if since <= entry.time < until:
            _count(counter, kind, data, entry.time, committed)
    days = max((until - since) / 86400, 1e-9)
    return [_metrics(name, counter, days) for name, counter in counters.items()]


def _count(counter: _Counter, kind: str, data: Any, time: float, committed: dict[int, float]) -> None:
    if kind == on.DEPLOYMENT_STARTED:
        counter.attempts.add(f"{data['delivery']}/{data['release']}")
    elif kind == on.PASSED:
        counter.deployments += 1
        counter.leads.append(time - committed.get(data["delivery"], time))
        counter.restore(time)
    elif kind == on.FINISHED and data["outcome"] == "failed":
        if any(one.startswith(f"{data['delivery']}/") for one in counter.attempts):
            counter.fail(str(data["delivery"]), time)
    elif kind == on.ROLLBACK_STARTED and data.get("from"):
        counter.fail(str(data["from"]["delivery"]), time)
    elif kind == on.RELEASE_FAILED:
        for attempt in counter.attempts:
            delivery, _, release = attempt.partition("/")
            if release == data["release"]:
                counter.fail(delivery, time)
    elif (kind == on.ROLLBACK_FINISHED and data["succeeded"]) or (
        kind == on.RELEASE_APPLIED and data["recovered"]
    ):
        counter.restore(time)


def _metrics(name: str, counter: _Counter, days: float) -> DoraMetrics:
    attempts = len(counter.attempts)
    return DoraMetrics(
        environment=name,
        deployments=counter.deployments,
        attempts=attempts,
        failures=len(counter.failures),
        deployment_frequency=counter.deployments / days,
        lead_time=median(counter.leads) if counter.leads else None,
        change_failure_rate=min(1.0, len(counter.failures) / attempts) if attempts else None,
        time_to_restore=median(counter.restores) if counter.restores else None,
    )
