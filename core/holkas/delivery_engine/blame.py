"""Who may have caused a failure, as version control knows it."""

from __future__ import annotations

from collections.abc import Callable

from holkas.delivery.definition import FeedbackRule
from holkas.delivery.feedback import Suspects, named
from holkas.delivery_engine.job import Job
from holkas.delivery_engine.toolbox import Toolbox
from holkas.model.revision import Person, Revision
from holkas.roles.errors import ToolError

MOST = 200
"""Revisions that are looked at; nobody is helped when half of the company is told."""


def suspects(job: Job, since: str) -> Suspects:
    """Who may have caused the failure of a delivery. since: the last good revision, empty where none was."""
    return suspects_between(
        job.tools, job.definition.feedback, job.state.revision, since, by=job.state.by, warn=job.recorder.warn
    )


def suspects_between(
    tools: Toolbox,
    rules: tuple[FeedbackRule, ...],
    revision: Revision,
    since: str,
    *,
    by: str = "",
    warn: Callable[[str], None],
) -> Suspects:
    """Authors between the last good revision and this one, and owners of what changed. since: empty where none was.

    What version control cannot tell is left out: the author of the revision itself is always among them.
    """
    authors = {_key(revision.author): revision.author}
    requester = named(by) if by else None
    if not since or since == revision.id or not any(rule.to for rule in rules):
        return Suspects(authors=tuple(authors.values()), requester=requester)
    control = tools.version_control()
    owners: dict[str, Person] = {}
    try:
        for one in control.log(revision.repository, since, revision.id, limit=MOST):
            authors.setdefault(_key(one.author), one.author)
        if {"changed-paths", "code-owners"} <= control.capabilities:
            paths = sorted(control.changed_paths(revision.repository, since, revision.id))
            for names in control.code_owners(revision, paths).values():
                owners |= {name: named(name) for name in names}
    except ToolError as error:
        warn(f"not everybody could be found who is to be told: {error}")
    return Suspects(
        authors=tuple(person for key, person in authors.items() if key),
        owners=tuple(owners.values()),
        requester=requester,
    )


def _key(person: Person) -> str:
    return (person.email or person.name).casefold()
