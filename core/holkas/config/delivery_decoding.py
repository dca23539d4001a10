"""Decodes sections that fit their schema; what only makes sense together is judged here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any

from holkas.delivery.definition import (
    ArtifactRule,
    Concurrency,
    ConfigurationRule,
    FeedbackRule,
    OperationRule,
    PipelineUse,
    ProjectDefinition,
    PullRule,
    RollbackRule,
    SigningRule,
    Stage,
)
from holkas.delivery.durations import seconds_of
from holkas.delivery.event_types import BUILD
from holkas.delivery.freeze import DAYS, FreezeWindow, zone_of
from holkas.delivery.triggers import TriggerRule, next_time
from holkas.delivery.variables import unknown_variables
from holkas.model.environment import Environment, Gate, GateKind
from holkas.model.finding import Finding, Place
from holkas.model.path import PathPart


class _Decoder:
    def __init__(self, base: Path, source: str, findings: list[Finding]) -> None:
        self.base, self.source, self.findings = base, source, findings

    def fault(self, code: str, message: str, *path: PathPart, hint: str = "") -> None:
        place = Place(source=self.source, path=path)
        self.findings.append(Finding(code=code, message=message, place=place, hint=hint))

    def texts(self, values: Mapping[str, Any] | None, *path: PathPart) -> dict[str, str]:
        found = {name: _text(value) for name, value in (values or {}).items()}
        for name, value in found.items():
            self.variables(value, *path, name)
        return found

    def variables(self, text: str, *path: PathPart) -> None:
        for name in unknown_variables(text):
            self.fault("C003", f"there is no variable $({name})", *path)

    def pipeline(self, value: Any, *path: PathPart) -> PipelineUse | None:
        if value is None:
            return None
        said: dict[str, Any] = {"file": value} if isinstance(value, str) else dict(value)
        if ("file" in said) == ("job" in said):
            self.fault("C004", "a pipeline has a file or a job", *path)
        name = said.get("name") or PurePosixPath(said.get("file") or said.get("job", "")).stem
        return PipelineUse(
            name=name,
            file=said.get("file", ""),
            job=said.get("job", ""),
            params=self.texts(said.get("params"), *path, "params"),
            workspace=said.get("workspace", "source"),
            timeout=seconds_of(said["timeout"]) if "timeout" in said else 0.0,
        )

    def pipelines(self, values: Sequence[Any], *path: PathPart) -> tuple[PipelineUse, ...]:
        found = [use for number, value in enumerate(values) if (use := self.pipeline(value, *path, number))]
        self.unique([use.name for use in found], "check", *path)
        return tuple(found)

    def unique(self, names: Sequence[str], what: str, *path: PathPart) -> None:
        for number, name in enumerate(names):
            if name in names[:number]:
                self.fault("C005", f"there are two of the {what} {name}", *path, number)

    def artifact(self, said: Mapping[str, Any], *path: PathPart) -> ArtifactRule:
        if ("path" in said) == ("result" in said):
            self.fault("C004", f"artifact {said['name']} has a path or a result", *path)
        version = said.get("version", "$(revision.short)")
        self.variables(version, *path, "version")
        return ArtifactRule(
            name=said["name"],
            path=said.get("path", ""),
            result=said.get("result", ""),
            version=version,
            sbom=said.get("sbom", ""),
            media_type=said.get("media-type", "application/octet-stream"),
        )

    def stage(self, said: Mapping[str, Any], *path: PathPart) -> Stage:
        config, checks = said.get("config") or {}, said.get("checks") or {}
        return Stage(
            environment=Environment(
                name=said["name"],
                destination=said.get("destination", ""),
                settings=said.get("settings", {}),
                gate=self.gate(said.get("gate", "automatic"), *path, "gate"),
            ),
            agent=said.get("agent", ""),
            configuration=ConfigurationRule(
                files=_files(config.get("files", ())),
                values=self.texts(config.get("values"), *path, "config", "values"),
                secrets=dict(config.get("secrets", {})),
            ),
            before=self.pipelines(checks.get("before", ()), *path, "checks", "before"),
            after=self.pipelines(checks.get("after", ()), *path, "checks", "after"),
            freeze=tuple(
                self.freeze(one, *path, "freeze", number) for number, one in enumerate(said.get("freeze", ()))
            ),
            soak=seconds_of(said["soak"]) if "soak" in said else 0.0,
            rollback=RollbackRule(said.get("rollback", "manual")),
            pull=self.pull(said.get("pull"), said["name"]),
        )

    def gate(self, said: Any, *path: PathPart) -> Gate:
        if isinstance(said, str):
            return Gate(kind=GateKind(said))
        approvers = tuple(dict.fromkeys(said.get("approvers", ())))
        gate = Gate(
            kind=GateKind(said.get("kind", "manual")), approvers=approvers, approvals=said.get("approvals", 1)
        )
        if approvers and gate.approvals > len(approvers):
            self.fault(
                "C005", f"{gate.approvals} approvals of {len(approvers)} approvers", *path, "approvals"
            )
        return gate

    def pull(self, said: Any, name: str) -> PullRule | None:
        if said is None:
            return None
        said = {"repository": said} if isinstance(said, str) else said
        return PullRule(
            repository=self.repository(said["repository"]),
            branch=said.get("branch", "main"),
            path=said.get("path", name),
        )

    def repository(self, text: str) -> str:
        """A relative path means to holkas.yaml; a URL stays as it is."""
        if "://" in text or text.startswith("/") or (":" in text.partition("/")[0]):
            return text
        return str((self.base / text).resolve())

    def freeze(self, said: Mapping[str, Any], *path: PathPart) -> FreezeWindow:
        zone = said.get("zone", "UTC")
        start = end = None
        try:
            local = zone_of(zone)
        except ValueError as error:
            self.fault("C003", str(error), *path, "zone")
        else:
            start = self.moment(said.get("from"), local, False, *path, "from")
            end = self.moment(said.get("until"), local, True, *path, "until")
        if start is not None and end is not None and end <= start:
            self.fault("C005", "the freeze ends before it begins", *path, "until")
        hours = (0, 24 * 60)
        if "hours" in said:
            first, last = (_minutes(one) for one in said["hours"].split("-"))
            hours = (first % (24 * 60), last)
        if not {"from", "until", "days", "hours"} & said.keys():
            self.fault("C004", "a freeze wants from, until, days or hours", *path)
        days = frozenset(DAYS.index(day) for day in said.get("days", ()))
        return FreezeWindow(
            start=start, end=end, days=days, hours=hours, zone=zone, reason=said.get("reason", "")
        )

    def moment(self, text: str | None, zone: Any, last: bool, *path: PathPart) -> float | None:
        if text is None:
            return None
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            self.fault(
                "C003", f"{text!r} is no day and no time", *path, hint="2026-12-20 or 2026-12-20T18:00"
            )
            return None
        if last and len(text) <= len("2026-12-20"):
            found += timedelta(days=1)
        return (found if found.tzinfo else found.replace(tzinfo=zone)).timestamp()

    def feedback(self, said: Mapping[str, Any], known: Sequence[str], *path: PathPart) -> FeedbackRule:
        for number, name in enumerate(said.get("environments", ())):
            if name not in (*known, BUILD):
                self.fault("C005", f"there is no environment {name}", *path, "environments", number)
        return FeedbackRule(
            notifier=said["notifier"],
            tell=frozenset(said.get("tell", ("failure", "recovery"))),
            to=tuple(said.get("to", ("authors", "owners"))),
            environments=frozenset(said.get("environments", ())),
        )

    def operation(self, said: Mapping[str, Any], known: Sequence[str], *path: PathPart) -> OperationRule:
        for number, name in enumerate(said.get("environments", ())):
            if name not in known:
                self.fault("C005", f"there is no environment {name}", *path, "environments", number)
        self.schedule(said.get("schedule", ""), said.get("zone", "UTC"), *path)
        return OperationRule(
            name=said["name"],
            environments=tuple(said.get("environments", known)),
            pipeline=self.pipeline(said.get("pipeline"), *path, "pipeline"),
            params=self.texts(said.get("params"), *path, "params"),
            schedule=said.get("schedule", ""),
            zone=said.get("zone", "UTC"),
        )

    def triggers(self, said: Mapping[str, Any]) -> TriggerRule:
        zone = said.get("zone", "UTC")
        self.schedule(said.get("schedule", ""), zone, "triggers")
        return TriggerRule(
            poll=seconds_of(said["poll"]) if "poll" in said else 0.0,
            webhook=said.get("webhook", ""),
            schedule=said.get("schedule", ""),
            zone=zone,
            after=tuple(said.get("after", ())),
        )

    def schedule(self, text: str, zone: str, *path: PathPart) -> None:
        """Judge a schedule and its zone."""
        try:
            zone_of(zone)
        except ValueError as error:
            self.fault("C003", str(error), *path, "zone")
            return
        try:
            never = bool(text) and next_time(text, zone, 0.0) is None
        except ValueError as error:
            self.fault(
                "C003", str(error), *path, "schedule", hint="minute hour day month weekday: 0 3 * * mon-fri"
            )
            return
        if never:
            self.fault("C003", f"the schedule {text!r} is never due", *path, "schedule")

    def trusted(self, paths: Sequence[str]) -> tuple[str, ...]:
        found = []
        for number, path in enumerate(paths):
            try:
                found.append((self.base / path).read_text("utf-8"))
            except (OSError, UnicodeDecodeError) as error:
                self.fault("C003", f"the key {path} cannot be read: {error}", "signing", "trusted", number)
        return tuple(found)


def decode(
    sections: Mapping[str, Any], project: Path, base: Path, source: str, findings: list[Finding]
) -> ProjectDefinition:
    """The definition; what is wrong with it is added to ``findings``. base: directory of holkas.yaml."""
    make = _Decoder(base, source, findings)
    stages = tuple(
        make.stage(one, "environments", number) for number, one in enumerate(sections.get("environments", ()))
    )
    artifacts = tuple(
        make.artifact(one, "artifacts", n) for n, one in enumerate(sections.get("artifacts", ()))
    )
    names = [stage.name for stage in stages]
    make.unique(names, "environment", "environments")
    make.unique([one.name for one in artifacts], "artifact", "artifacts")
    for what, found in (("environments", stages), ("artifacts", artifacts)):
        if not found:
            make.fault("C004", f"holkas.yaml names no {what}: nothing can be delivered")
    signing = sections.get("signing") or {}
    if signing.get("required") and not signing.get("key") and not signing.get("trusted"):
        make.fault("C004", "signatures are required: say whose, with key or trusted", "signing")
    return ProjectDefinition(
        name=sections.get("project") or project_name(project),
        repository=make.repository(sections.get("repository", ".")),
        branch=sections.get("branch", ""),
        pipeline=make.pipeline(sections.get("pipeline"), "pipeline"),
        artifacts=artifacts,
        stages=stages,
        concurrency=Concurrency(sections.get("concurrency", "supersede")),
        signing=SigningRule(
            key=signing.get("key", ""),
            required=signing.get("required", False),
            trusted=make.trusted(signing.get("trusted", ())),
        ),
        feedback=tuple(
            make.feedback(one, names, "feedback", n) for n, one in enumerate(sections.get("feedback", ()))
        ),
        triggers=make.triggers(sections.get("triggers") or {}),
        operations=tuple(
            make.operation(one, names, "operations", n)
            for n, one in enumerate(sections.get("operations", ()))
        ),
    )


def project_name(project: Path) -> str:
    """The name of a project that gives itself none: its directory's."""
    name = "".join(
        char if char.isascii() and char.isalnum() else "-" for char in project.resolve().name.lower()
    ).strip("-")
    return name or "project"


def _files(said: Any) -> dict[str, str]:
    """A list keeps the names, without the directories above them."""
    return dict(said) if isinstance(said, Mapping) else {PurePosixPath(path).name: path for path in said}


def _minutes(text: str) -> int:
    hour, _, minute = text.partition(":")
    return min(24 * 60, int(hour) * 60 + int(minute))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
