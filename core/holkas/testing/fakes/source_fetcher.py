"""A source fetcher with files in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import ClassVar

from holkas.extensions.source_fetcher import SourceFetcher, SourceRefused, SourceRequest, SourceTree


class FakeTree(SourceTree):
    """``contents``: path → bytes, written below ``directory`` when they are asked for."""

    def __init__(self, contents: Mapping[str, bytes], directory: Path) -> None:
        self.contents = dict(contents)
        self.directory = directory
        self.revision = self.identities([""])[0]

    def identities(self, paths: Sequence[str]) -> list[str]:
        return [self._identity(path) for path in paths]

    def _identity(self, path: str) -> str:
        found = [name for name in self.files() if not path or name == path or name.startswith(path + "/")]
        return (
            sha256(b"".join(name.encode() + self.contents[name] for name in found)).hexdigest()
            if found
            else ""
        )

    def materialise(self, paths: Iterable[str]) -> Path:
        for name, content in self.contents.items():
            file = self.directory / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        return self.directory

    def files(self) -> Sequence[str]:
        return sorted(self.contents)

    def mentioning(self, text: str, suffixes: Sequence[str]) -> list[tuple[str, bytes]]:
        return [
            (name, self.contents[name])
            for name in self.files()
            if name.endswith(tuple(suffixes)) and text.encode() in self.contents[name]
        ]


class FakeSourceFetcher(SourceFetcher):
    """``sources``: (repository, revision) → files."""

    name: ClassVar[str] = "fake"

    def __init__(
        self, directory: Path, sources: Mapping[tuple[str, str], Mapping[str, bytes]] | None = None
    ) -> None:
        self.directory = directory
        self.sources = dict(sources or {})

    def handles(self, request: SourceRequest) -> bool:
        return any(repository == request.repository for repository, _ in self.sources)

    def open(self, request: SourceRequest) -> SourceTree:
        contents = self.sources.get((request.repository, request.revision))
        if contents is None:
            raise SourceRefused(f"{request.repository} has no revision {request.revision!r}")
        return FakeTree(contents, self.directory / sha256(repr(request).encode()).hexdigest()[:16])
