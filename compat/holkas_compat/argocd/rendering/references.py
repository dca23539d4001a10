"""Files that a manifest names: beside the application, from the root, or in another source (``$ref/path``).

Source: Argo CD, "Multiple Sources"; reposerver/repository (resolveRawPath, resolveRefValueFile).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .environment import BuildEnvironment
from .failure import RenderFailure
from .inputs import TreeReader, inner_path


@dataclass(frozen=True, slots=True)
class Place:
    """A path in a source."""

    reader: TreeReader
    path: str


def reference_of(text: str, known: Mapping[str, object]) -> str:
    """The name of the source that a path begins with (``$name/…``), empty where it names none that is known."""
    if not text.startswith("$"):
        return ""
    name = text.split("/", 1)[0]
    return name if name in known else ""


def resolve(
    text: str,
    base: str,
    reader: TreeReader,
    references: Mapping[str, TreeReader],
    environment: BuildEnvironment,
    what: str,
) -> Place:
    """Where a named file is. ``references``: ``$name`` → source. Raises RenderFailure R102, R113, R114."""
    if name := reference_of(text, references):
        rest = text[len(name) :].strip("/")
        if not rest:
            raise RenderFailure("R113", f"{what} {text!r}: no file path after the ref name")
        return Place(references[name], inner_path("", environment.expand(rest), what))
    expanded = environment.expand(text)
    if "://" in expanded:
        raise RenderFailure(
            "R114",
            f"{what} {expanded!r} is a URL, which is not fetched",
            "a render is made of files at fixed revisions; put the file into a repository and use ref",
        )
    return Place(reader, inner_path(base, expanded, what))
