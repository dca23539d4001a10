"""Entries of the ledger in the vocabulary of CDEvents, as CloudEvents in structured JSON.

Sources: CDEvents specification 0.4 ("Core", "Source code version control", "Continuous integration", "Testing",
"Continuous deployment", "Continuous operations", "Custom events"); CloudEvents 1.0, "JSON event format".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from holkas.delivery import event_types as on
from holkas.model.event import Event

SPEC_VERSION = "0.4.1"
_CUSTOM = "holkas"


def events_of(entry: Any) -> list[Event]:
    """The events of one entry; always the same ones, with the same ids."""
    make = _EVENTS.get(entry.type)
    data = entry.data
    if make is None:
        return []
    return [
        Event(
            id=f"{entry.hash[:32]}-{number}",
            type=_type(subject_type, predicate),
            time=entry.time,
            subject=subject,
            subject_type=subject_type,
            source=_source(str(data.get("project", ""))),
            environment=data.get("environment", ""),
            content=content,
            custom=_custom(entry.type, data),
        )
        for number, (subject_type, predicate, subject, content) in enumerate(make(entry.type, data))
    ]


_Made = Iterable[tuple[str, str, str, dict[str, Any]]]


def _type(subject: str, predicate: str) -> str:
    version = _VERSIONS.get(f"{subject}.{predicate}")
    if version is None:
        return f"dev.cdeventsx.{_CUSTOM}-{subject}.{predicate}.0.1.0"
    return f"dev.cdevents.{subject}.{predicate}.{version}".lower()


_VERSIONS = {
    "pipelineRun.queued": "0.2.0",
    "pipelineRun.started": "0.2.0",
    "pipelineRun.finished": "0.2.0",
    "build.started": "0.2.0",
    "build.finished": "0.2.0",
    "artifact.packaged": "0.2.0",
    "artifact.signed": "0.2.0",
    "artifact.published": "0.2.0",
    "testSuiteRun.started": "0.2.0",
    "testSuiteRun.finished": "0.2.0",
    "service.deployed": "0.2.0",
    "service.upgraded": "0.2.0",
    "service.rolledback": "0.2.0",
    "incident.detected": "0.2.0",
    "incident.resolved": "0.2.0",
}


def _custom(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("project", "delivery", "by", "message", "outcome", "stage", "why", "release", "comment")
    found = {"entry": kind} | {key: data[key] for key in kept if key in data}
    revision = data.get("revision")
    if revision:
        found["revision"] = revision["id"] if isinstance(revision, Mapping) else revision
    if kind == on.REQUESTED:
        found["committed"] = data["revision"]["time"]
    return found


def _run(data: Mapping[str, Any]) -> str:
    return f"{data['project']}/{data['delivery']}"


def _purl(artifact: Mapping[str, Any]) -> str:
    """A package URL of an artifact (purl specification, type ``generic``)."""
    return _package_url(artifact["name"], artifact["version"], artifact["digest"])


@lru_cache(maxsize=64)
def _package_url(name: str, version: str, digest: str) -> str:
    path = "/".join(quote(part, safe="") for part in name.split("/"))
    return f"pkg:generic/{path}@{quote(version, safe='')}?checksum={quote(digest, safe=':')}"


@lru_cache(maxsize=64)
def _source(project: str) -> str:
    return f"/holkas/{quote(project)}"


def _delivery(kind: str, data: Mapping[str, Any]) -> _Made:
    predicate = {on.REQUESTED: "queued", on.REOPENED: "queued", on.FINISHED: "finished"}[kind]
    content: dict[str, Any] = {"pipelineName": data["project"], "uri": f"holkas:{_run(data)}"}
    if kind == on.FINISHED:
        outcome = data["outcome"]
        content["outcome"] = {"succeeded": "success", "failed": "failure", "refused": "error"}.get(
            outcome, "cancel"
        )
        content["errors"] = data.get("message", "")
    yield "pipelineRun", predicate, _run(data), content
    if kind == on.FINISHED and data["outcome"] in ("failed", "refused") and data.get("deployed"):
        yield (
            "incident", "detected", f"{_run(data)}/{data['stage']}",
            {"description": data.get("message", ""), **_where({**data, "environment": data["stage"]})},
        )  # fmt: skip


def _build(kind: str, data: Mapping[str, Any]) -> _Made:
    attempt = f"{_run(data)}/build/{data['attempt']}"
    if kind == on.BUILD_STARTED:
        if data["attempt"] == 1:
            content = {"pipelineName": data["project"], "uri": f"holkas:{_run(data)}"}
            yield "pipelineRun", "started", _run(data), content
        yield "build", "started", attempt, {}
        return
    found = [_purl(one) for one in data.get("artifacts", ())]
    yield "build", "finished", attempt, {"artifactId": found[0]} if found else {}


def _published(kind: str, data: Mapping[str, Any]) -> _Made:
    for artifact in data["artifacts"]:
        content: dict[str, Any] = {"user": data.get("by", "")}
        yield "artifact", "packaged", _purl(artifact), {
            "change": {"id": data["revision"], "source": data.get("repository", "")}
        }  # fmt: skip
        if artifact["name"] in data.get("signed", ()):
            yield "artifact", "signed", _purl(artifact), {"signature": data["signed"][artifact["name"]]}
        yield "artifact", "published", _purl(artifact), content


def _where(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "environment": {"id": data["environment"], "source": _source(str(data["project"]))},
        "service": {"id": data["project"]},
    }


def _deployed(kind: str, data: Mapping[str, Any]) -> _Made:
    if not data["succeeded"]:
        return
    artifacts = data.get("artifacts", ())
    content: dict[str, Any] = {"environment": _where(data)["environment"]}
    if artifacts:
        content["artifactId"] = _purl(artifacts[0])
    predicate = "upgraded" if data.get("previous") else "deployed"
    yield "service", predicate, f"{data['project']}/{data['environment']}", content


def _rolled_back(kind: str, data: Mapping[str, Any]) -> _Made:
    if data["succeeded"]:
        content: dict[str, Any] = {"environment": _where(data)["environment"]}
        if data.get("artifacts"):
            content["artifactId"] = _purl(data["artifacts"][0])
        yield "service", "rolledback", f"{data['project']}/{data['environment']}", content


def _check(kind: str, data: Mapping[str, Any]) -> _Made:
    subject = f"{_run(data)}/{data['environment']}/{data['phase']}/{data['check']}"
    content: dict[str, Any] = {
        "environment": _where(data)["environment"],
        "testSuite": {"id": data["check"], "name": data["check"]},
    }
    if kind == on.CHECK_STARTED:
        yield "testSuiteRun", "started", subject, content
    else:
        word = "pass" if data["succeeded"] else "fail"
        more = {} if data["succeeded"] else {"severity": "high", "reason": data.get("message", "")}
        yield "testSuiteRun", "finished", subject, {**content, "outcome": word, **more}


def _passed(kind: str, data: Mapping[str, Any]) -> _Made:
    yield "environment", "passed", f"{_run(data)}/{data['environment']}", {"environment": data["environment"]}
    if data.get("recovered"):
        yield "incident", "resolved", f"{data['recovered']}/{data['environment']}", _where(data)


def _pulled(kind: str, data: Mapping[str, Any]) -> _Made:
    subject = f"{data['project']}/{data['release'] or data['head']}/{data['environment']}"
    incident = f"{data['project']}/pulled/{data['environment']}"
    if kind == on.RELEASE_FAILED:
        yield "release", "failed", subject, {}
        yield "incident", "detected", incident, {"description": data["message"], **_where(data)}
        return
    yield "release", "applied", subject, {}
    if data["recovered"]:
        yield "incident", "resolved", incident, _where(data)


def _gate(kind: str, data: Mapping[str, Any]) -> _Made:
    subject, _, predicate = kind.partition(".")
    yield subject, predicate, f"{data['project']}/{data.get('delivery', '')}/{data['environment']}", {}


_EVENTS = {
    on.REQUESTED: _delivery,
    on.REOPENED: _delivery,
    on.FINISHED: _delivery,
    on.BUILD_STARTED: _build,
    on.BUILD_FINISHED: _build,
    on.PUBLISHED: _published,
    on.ARRIVED: _gate,
    on.APPROVED: _gate,
    on.REJECTED: _gate,
    on.APPROVAL_REFUSED: _gate,
    on.GATE_OPENED: _gate,
    on.DEPLOYMENT_STARTED: _gate,
    on.DEPLOYMENT_FINISHED: _deployed,
    on.DEPLOYMENT_REFUSED: _gate,
    on.CHECK_STARTED: _check,
    on.CHECK_FINISHED: _check,
    on.PASSED: _passed,
    on.ROLLBACK_STARTED: _gate,
    on.ROLLBACK_FINISHED: _rolled_back,
    on.RELEASE_APPLIED: _pulled,
    on.RELEASE_FAILED: _pulled,
}


def cloud_event(event: Event) -> dict[str, Any]:
    """An event as a CloudEvent in structured JSON, whose data is the CDEvent."""
    moment = datetime.fromtimestamp(event.time, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    subject: dict[str, Any] = {"id": event.subject, "source": event.source}
    if event.subject_type and not event.type.startswith("dev.cdeventsx."):
        subject["type"] = event.subject_type
    context = {
        "version": SPEC_VERSION, "id": event.id, "source": event.source, "type": event.type,
        "timestamp": moment,
    }  # fmt: skip
    data: dict[str, Any] = {"context": context, "subject": {**subject, "content": dict(event.content)}}
    if event.custom:
        data |= {"customData": dict(event.custom), "customDataContentType": "application/json"}
    return {
        "specversion": "1.0", "id": event.id, "source": event.source, "type": event.type,
        "subject": event.subject, "time": moment, "datacontenttype": "application/json", "data": data,
    }  # fmt: skip
