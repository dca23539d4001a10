"""Feedback: who is told what. A failure is told once, to those between the last good and the first bad revision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from holkas.delivery.definition import FeedbackRule, ProjectDefinition
from holkas.delivery.delivery_state import DeliveryState
from holkas.delivery.variables import short
from holkas.model.notice import Notice, NoticeKind
from holkas.model.revision import Person
from holkas.records import dataclass

AUTHORS, OWNERS, REQUESTER = "authors", "owners", "requester"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspects:
    """Who may have caused a failure: authors of the revisions in between, owners of what they changed."""

    authors: tuple[Person, ...] = ()
    owners: tuple[Person, ...] = ()
    requester: Person | None = None


def rules_for(definition: ProjectDefinition, kind: NoticeKind, stage: str) -> tuple[FeedbackRule, ...]:
    """The rules that tell this kind of notice about this stage."""
    return tuple(
        rule
        for rule in definition.feedback
        if kind.value in rule.tell and (not rule.environments or stage in rule.environments)
    )


def recipients(rules: Iterable[FeedbackRule], suspects: Suspects) -> tuple[Person, ...]:
    """Everybody whom the rules name, each once, by their address where they have one."""
    found: dict[str, Person] = {}
    for rule in rules:
        for word in rule.to:
            for person in _meant(word, suspects):
                found.setdefault((person.email or person.name).casefold(), person)
    return tuple(person for key, person in found.items() if key)


def _meant(word: str, suspects: Suspects) -> Sequence[Person]:
    if word == AUTHORS:
        return suspects.authors
    if word == OWNERS:
        return suspects.owners
    if word == REQUESTER:
        return (suspects.requester,) if suspects.requester else ()
    return (named(word),)


def named(word: str) -> Person:
    """Somebody by an address, a team or a name."""
    return Person(name=word, email=word if "@" in word[1:] else "")


def failure_notice(
    definition: ProjectDefinition,
    state: DeliveryState,
    stage: str,
    message: str,
    suspects: Suspects,
    *,
    log: Sequence[str] = (),
    command: Sequence[str] = (),
    since: str = "",
    identity: str = "",
) -> dict[str, Any]:
    """The notice of a failure. since: the last good revision, or empty. identity: the revision's where it is empty."""
    rules = rules_for(definition, NoticeKind.FAILURE, stage)
    what = f"{definition.name} {_called(state)}"
    lines = [
        f"{what} failed at {stage}: {message}",
        "",
        f"revision {state.revision.id}: {state.revision.message}",
    ]
    if since:
        lines.append(f"last good revision there: {since}")
    lines += ["", "last lines of the log:", *(f"  {line}" for line in log)] if log else []
    lines += ["", f"to see it on your machine: {' '.join(command)}"] if command else []
    return _notice(
        definition, NoticeKind.FAILURE, f"failure/{stage}/{identity or state.revision.id}", stage, rules,
        recipients(rules, suspects), f"{what} failed at {stage}", lines, command,
    )  # fmt: skip


def recovery_notice(
    definition: ProjectDefinition,
    state: DeliveryState,
    stage: str,
    failing: Mapping[str, Any],
    *,
    identity: str = "",
) -> dict[str, Any]:
    """The notice that a stage works again, to those who were told that it did not."""
    rules = rules_for(definition, NoticeKind.RECOVERY, stage)
    told = tuple(Person(**one) for one in failing.get("recipients", ()))
    what = f"{definition.name} works again at {stage}"
    lines = [f"{what} with {_called(state)}", f"it had failed since revision {failing.get('revision', '')}"]
    which = f"recovery/{stage}/{identity or failing.get('revision', '')}"
    return _notice(definition, NoticeKind.RECOVERY, which, stage, rules, told, what, lines, ())


def approval_notice(
    definition: ProjectDefinition, state: DeliveryState, stage: str, message: str
) -> dict[str, Any]:
    """The notice that somebody has to press the button, to the approvers."""
    rules = rules_for(definition, NoticeKind.APPROVAL, stage)
    found = definition.stage(stage)
    approvers = tuple(named(who) for who in (found.environment.gate.approvers if found else ()))
    others = recipients(rules, Suspects())
    command = ("holkas", "approve", stage)
    lines = [message, "", f"revision {state.revision.id}: {state.revision.message}", "", " ".join(command)]
    return _notice(
        definition, NoticeKind.APPROVAL, f"approval/{stage}/{state.number}", stage, rules,
        (*approvers, *(one for one in others if one not in approvers)),
        f"{definition.name} {_called(state)} waits before {stage}", lines, command,
    )  # fmt: skip


def refusal_notice(
    definition: ProjectDefinition, state: DeliveryState, stage: str, message: str, *, identity: str
) -> dict[str, Any]:
    """The notice that somebody wanted what they may not, to the approvers. identity: of this attempt."""
    rules = rules_for(definition, NoticeKind.APPROVAL, stage)
    found = definition.stage(stage)
    approvers = tuple(named(who) for who in (found.environment.gate.approvers if found else ()))
    what = f"{definition.name}: refused before {stage}"
    lines = [message, f"delivery {state.number}, revision {state.revision.id}"]
    return _notice(
        definition,
        NoticeKind.APPROVAL,
        f"refusal/{stage}/{identity}",
        stage,
        rules,
        approvers,
        what,
        lines,
        (),
    )


def operation_notice(
    definition: ProjectDefinition,
    stage: str,
    operation: str,
    identity: str,
    *,
    succeeded: bool,
    message: str,
    log: Sequence[str] = (),
    command: Sequence[str] = (),
) -> dict[str, Any]:
    """The notice that an operation failed, or works again. identity: of the first failure."""
    kind = NoticeKind.RECOVERY if succeeded else NoticeKind.FAILURE
    rules = rules_for(definition, kind, stage)
    subject = f"{definition.name}: {operation} in {stage} {'works again' if succeeded else 'failed'}"
    lines = [subject + (f": {message}" if message else "")]
    lines += ["", "last lines of the log:", *(f"  {line}" for line in log)] if log else []
    return _notice(
        definition, kind, f"{kind.value}/operation/{stage}/{identity}", stage, rules, recipients(rules, Suspects()),
        subject, lines, command,
    )  # fmt: skip


def _called(state: DeliveryState) -> str:
    versions = set(state.versions.values())
    return next(iter(versions)) if len(versions) == 1 else short(state.revision.id)


def _notice(
    definition: ProjectDefinition,
    kind: NoticeKind,
    identity: str,
    stage: str,
    rules: Sequence[FeedbackRule],
    to: Sequence[Person],
    subject: str,
    lines: Sequence[str],
    command: Sequence[str],
) -> dict[str, Any]:
    """A notice as JSON, with the channels that are to carry it."""
    return {
        "project": definition.name,
        "id": identity,
        "kind": kind.value,
        "subject": subject,
        "text": "\n".join(lines),
        "stage": stage,
        "recipients": [{"name": person.name, "email": person.email} for person in to],
        "command": list(command),
        "channels": list(dict.fromkeys(rule.notifier for rule in rules)),
    }


def notice_of(data: Mapping[str, Any]) -> Notice:
    """A notice from JSON, under an id that no other project's has."""
    return Notice(
        id=f"{data['project']}/{data['id']}",
        kind=NoticeKind(data["kind"]),
        subject=data["subject"],
        text=data["text"],
        recipients=tuple(Person(**one) for one in data["recipients"]),
        environment=data["stage"],
        command=tuple(data["command"]),
    )
