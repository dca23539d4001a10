"""What was rendered before, as it is kept, and whether it still holds.

A snapshot answers for a whole project of which the files are the same. What they do not say, because it lies in other
sources, is kept with it and looked at again: which tree a branch meant, and which version a range.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from holkas.extensions.renderer import RenderedApplication
from holkas.extensions.source_fetcher import SourceRefused, SourceRequest, SourceTree
from holkas.model.finding import Finding, Place, Severity

from .application_source import ApplicationSourceSpec
from .cache import RenderCache
from .failure import RenderFailure
from .sources import Sources


def same_inputs(inputs: Any, trees: Sequence[SourceTree]) -> bool:
    """Whether everything that was read of the sources is as it was."""
    try:
        for (pairs, revision), tree in zip(inputs, trees, strict=True):
            if tree.identities([path for path, _ in pairs]) != [one for _, one in pairs]:
                return False
            if revision and tree.revision != revision:
                return False
    except (SourceRefused, ValueError, TypeError):
        return False
    return True


def repeated(application: str, name: str) -> Finding:
    """The warning about a resource that comes more than once."""
    return Finding(
        code="R150",
        message=f"resource {name} appears more than once among application resources; the last one stays",
        place=Place(source=application),
        severity=Severity.WARNING,
        fields=(name,),
    )


def impure(application: str, name: str) -> Finding:
    """The warning about a chart that may give something else another time."""
    return Finding(
        code="R151",
        message=f"a template calls {name}: what it gives may be something else another time",
        place=Place(source=application),
        severity=Severity.WARNING,
        fields=(name,),
    )


def warnings(application: str, resources: Sequence[str], functions: Sequence[str]) -> tuple[Finding, ...]:
    """What is told of an Application that was rendered."""
    told = [repeated(application, name) for name in resources]
    return (*told, *(impure(application, name) for name in functions))


def snapshot_of(cache: RenderCache, key: str, sources: Sources) -> list[RenderedApplication] | None:
    """The outcome for a whole project, None where it is not known or no longer holds."""
    found = cache.snapshot(key)
    if found is None or not still_holds(found, sources):
        return None
    made = []
    for one in found["applications"]:
        text = cache.text(one["digest"])
        if text is None:
            return None
        rendered = RenderedApplication(
            name=one["name"],
            namespace=one["namespace"],
            project=one["project"],
            text=text,
            digest=one["digest"],
            names=tuple(one["names"]),
            revisions=tuple(one["revisions"]),
            findings=tuple(_finding(one["name"], *told) for told in one["told"]),
            cached=True,
        )
        made.append(rendered)
    return made


def elsewhere(sources: Sources) -> dict[str, Any]:
    """What the sources outside of the project's files meant: trees of branches, versions of ranges."""
    trees = [
        [[request.repository, request.revision, request.chart, request.own_revision], _state(tree)]
        for request, tree in sources.unpinned()
        if request.repository != "." or request.revision
    ]
    return {"trees": trees, "ranges": sources.ranges()}


def still_holds(found: Mapping[str, Any], sources: Sources) -> bool:
    """Whether they mean the same now."""
    try:
        for request, state in found["trees"]:
            if _state(sources.open(_request(request))) != state:
                return False
        for repository, revision, chart, prefix, own, version in found["ranges"]:
            spec = ApplicationSourceSpec(
                repository=repository, revision=revision, chart=chart, tag_prefix=prefix
            )
            if sources.request(spec, own).revision != version:
                return False
    except (RenderFailure, SourceRefused):
        return False
    return True


def keep_snapshot(
    cache: RenderCache, key: str, rendered: Sequence[RenderedApplication], sources: Sources
) -> None:
    """Keep the outcome for a whole project, unless something failed: a failure is tried again."""
    if any(one.failed for one in rendered):
        return
    applications = [
        {
            "name": one.name, "namespace": one.namespace, "project": one.project, "digest": one.digest,
            "names": one.names, "revisions": one.revisions,
            "told": [[finding.code, finding.message, finding.fields] for finding in one.findings],
        }
        for one in rendered
    ]  # fmt: skip
    cache.keep_snapshot(key, {"applications": applications, **elsewhere(sources)})


def _finding(application: str, code: str, message: str, fields: Sequence[str]) -> Finding:
    place = Place(source=application)
    return Finding(code=code, message=message, place=place, severity=Severity.WARNING, fields=tuple(fields))


def _state(tree: SourceTree) -> list[str]:
    return [tree.revision, *tree.identities([""])]


def _request(values: Sequence[str]) -> SourceRequest:
    repository, revision, chart, own = values
    return SourceRequest(repository=repository, revision=revision, chart=chart, own_revision=own)
