"""Production that changes without a change in git."""

from __future__ import annotations

import re
from collections.abc import Iterator

from holkas.model.application import Application
from holkas.model.application_source import ApplicationSource
from holkas.model.finding import Finding, Severity

from holkas_compat.argocd.lint.codes import MOVING_REVISION, RANGE_OF_VERSIONS
from holkas_compat.argocd.unit import Unit

_PRODUCTION = re.compile(r"(?:^|[-_./])(?:prod|production|prd)(?:[-_./]|$)", re.IGNORECASE)
_NOT_PRODUCTION = re.compile(r"(?:^|[-_./])(?:non|pre|not)[-_]?prod", re.IGNORECASE)
_BRANCHES = frozenset(("", "HEAD", "main", "master", "develop", "trunk"))
_RANGE = re.compile(r"[*^~<>|]|(?:^|\.)[xX](?:\.|$)|\s-\s")


def check_production(unit: Unit) -> Iterator[Finding]:
    """An application that looks like production, syncs by itself and follows something that moves."""
    application = unit.noun
    if not isinstance(application, Application) or not application.policy.is_automatic:
        return
    for index, source in enumerate(application.sources if application.hydrator is None else ()):
        if not looks_like_production(application, source):
            continue
        base = ("spec", "sources", index) if application.multiple else ("spec", "source")
        path = (*base, "targetRevision")
        if source.chart and _RANGE.search(source.revision):
            message = f'the chart follows the versions "{source.revision}"'
            yield unit.finding(
                RANGE_OF_VERSIONS, message, path, severity=Severity.HABIT, hint="name one version"
            )
        elif not source.chart and (source.revision in _BRANCHES or source.revision.startswith("refs/heads/")):
            message = f"production follows {source.revision or 'HEAD'}: every push goes live"
            hint = "name a tag or a commit, or sync by hand"
            yield unit.finding(MOVING_REVISION, message, path, severity=Severity.HABIT, hint=hint)


def looks_like_production(application: Application, source: ApplicationSource) -> bool:
    """Whether a name, namespace, project, path or label says so; ``non-prod`` and ``pre-prod`` do not."""
    place = application.destination
    words = (
        application.name,
        place.namespace,
        place.name,
        application.project,
        source.path,
        *(
            value
            for key, value in application.labels.items()
            if key.rpartition("/")[2] in ("env", "environment")
        ),
    )
    return any(_PRODUCTION.search(word) and not _NOT_PRODUCTION.search(word) for word in words)
