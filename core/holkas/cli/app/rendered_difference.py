"""What differs between two renders of the same Applications, and how it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from holkas.records import dataclass

if TYPE_CHECKING:
    from holkas.extensions.renderer import RenderedApplication

MAX_COMMENT = 60_000
"""Characters of Markdown: forges take about 65 000 in one comment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceDifference:
    """One resource; None where it is not there. Values of Secrets are hidden in both."""

    name: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    @property
    def fate(self) -> str:
        """``added``, ``removed`` or ``changed``."""
        return "added" if self.before is None else "removed" if self.after is None else "changed"

    def lines(self) -> list[str]:
        """A unified diff without its title."""
        import difflib

        from holkas.yaml import dump

        old = dump(self.before).splitlines() if self.before is not None else []
        new = dump(self.after).splitlines() if self.after is not None else []
        found = list(difflib.unified_diff(old, new, n=3, lineterm=""))
        return found[2:]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationDifference:
    """One Application with the resources that differ."""

    name: str
    resources: tuple[ResourceDifference, ...]


def differences(
    before: Iterable[RenderedApplication], after: Iterable[RenderedApplication]
) -> Iterator[ApplicationDifference]:
    """The Applications that differ, by name. Of those that are the same nothing is read but their digest."""
    old = {(one.name, one.namespace): one for one in before}
    new = {(one.name, one.namespace): one for one in after}
    for key in sorted({*old, *new}):
        first, second = old.get(key), new.get(key)
        if first is not None and second is not None and first.digest == second.digest:
            continue
        if resources := tuple(_resources(_by_name(first), _by_name(second))):
            yield ApplicationDifference(name=key[0], resources=resources)


def _by_name(rendered: RenderedApplication | None) -> dict[str, Mapping[str, Any]]:
    if rendered is None:
        return {}
    found = rendered.resources()
    return {name: resource.manifest for name, resource in zip(rendered.names, found, strict=True)}


def _resources(
    old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]
) -> Iterator[ResourceDifference]:
    from holkas.gitops.diff.text import masked

    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            before, after = masked(old.get(name), new.get(name))
            yield ResourceDifference(name=name, before=before, after=after)


def as_text(found: Sequence[ApplicationDifference]) -> str:
    """For a terminal."""
    lines: list[str] = []
    for application in found:
        for resource in application.resources:
            lines += [f"===== {application.name} {resource.name} {resource.fate}", *resource.lines(), ""]
    return "\n".join(lines)


def as_markdown(found: Sequence[ApplicationDifference], base: str) -> str:
    """For the comment of a pull request: a table, and the differences folded away; cut where it grows too long."""
    if not found:
        return f"No Application differs from {base}.\n"
    lines = [
        f"{len(found)} Applications differ from {base}.",
        "",
        "| Application | added | changed | removed |",
    ]
    lines.append("|---|---:|---:|---:|")
    for application in found:
        counts = [
            sum(one.fate == fate for one in application.resources) for fate in ("added", "changed", "removed")
        ]
        lines.append(f"| {application.name} | {counts[0]} | {counts[1]} | {counts[2]} |")
    size = sum(len(line) + 1 for line in lines)
    left = 0
    for application in found:
        block = _folded(application)
        if size + len(block) > MAX_COMMENT:
            left += 1
            continue
        lines.append(block)
        size += len(block)
    if left:
        lines.append(f"\nThe differences of {left} more are too long to be shown here.")
    return "\n".join(lines) + "\n"


def _folded(application: ApplicationDifference) -> str:
    parts = [f"\n<details><summary>{application.name}</summary>\n"]
    for resource in application.resources:
        text = "\n".join(resource.lines())
        fence = "```"
        while fence in text:
            fence += "`"
        parts.append(f"`{resource.name}` {resource.fate}\n\n{fence}diff\n{text}\n{fence}\n")
    return "\n".join(parts) + "\n</details>"


def as_json(found: Sequence[ApplicationDifference]) -> dict[str, Any]:
    """The documented shape ``ApplicationDifferenceList``."""
    return {
        "apiVersion": "holkas/v1",
        "kind": "ApplicationDifferenceList",
        "items": [
            {
                "name": application.name,
                "resources": [
                    {
                        "name": one.name,
                        "fate": one.fate,
                        "before": dict(one.before) if one.before is not None else None,
                        "after": dict(one.after) if one.after is not None else None,
                    }
                    for one in application.resources
                ],
            }
            for application in found
        ],
    }
