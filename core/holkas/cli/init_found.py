"""What ``holkas init`` finds in a repository: pipelines that can be run, and applications with their places."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from holkas.records import dataclass

if TYPE_CHECKING:
    from holkas.extensions.importer import Importer
    from holkas.model.application import Application
    from holkas.yaml import Document

_MOST_FILES, _MOST_BYTES = 2000, 1 << 20
_PASSED_OVER = frozenset({"node_modules", "vendor", "testdata", "__pycache__"})
_ORDER = ("dev", "test", "qa", "int", "uat", "stag", "pre", "canary", "prod", "live")
"""Beginnings of names of environments in the order in which they are usually gone through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPipeline:
    """A file with something to run. workspaces: that it declares. kind: ``PipelineRun``, ``Pipeline`` or ``Task``."""

    file: str
    kind: str
    name: str
    workspaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundEnvironment:
    """A place of an application. repository, branch, path: where its configuration is."""

    name: str
    repository: str
    branch: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """pipelines: the likeliest first. environments: in their usual order, each name once."""

    pipelines: tuple[FoundPipeline, ...] = ()
    environments: tuple[FoundEnvironment, ...] = ()


def look(directory: Path, importers: Sequence[Importer]) -> Found:
    """Look into every YAML file below a directory, as far as it can be read."""
    from holkas.yaml import Source, YamlError, load_documents

    pipelines: list[FoundPipeline] = []
    environments: dict[str, FoundEnvironment] = {}
    for path in _files(directory):
        relative = path.relative_to(directory).as_posix()
        try:
            documents = load_documents(Source(relative, path.read_bytes()), strict=False)
        except (YamlError, OSError):
            continue
        for importer in importers:
            known = [
                one for one in documents if isinstance(one.value, dict) and importer.recognises(one.value)
            ]
            pipelines += [found for one in known if (found := _pipeline(relative, one)) is not None]
            for application in _applications(importer, known):
                for environment in _environments(application):
                    environments.setdefault(environment.name, environment)
    return Found(
        pipelines=tuple(sorted(pipelines, key=_likelihood)),
        environments=tuple(sorted(environments.values(), key=lambda one: (_place(one.name), one.name))),
    )


def _files(directory: Path) -> Iterator[Path]:
    """YAML files, those at the top first; no links, nothing large, not more than a person could look through."""
    count = 0
    for place, directories, names in os.walk(directory):
        directories[:] = sorted(
            name for name in directories if name not in _PASSED_OVER and (name == ".tekton" or name[0] != ".")
        )
        for name in sorted(names):
            path = Path(place, name)
            if path.suffix not in (".yaml", ".yml") or name == "holkas.yaml" or path.is_symlink():
                continue
            count += 1
            if count > _MOST_FILES:
                return
            if path.is_file() and path.stat().st_size <= _MOST_BYTES:
                yield path


def _pipeline(file: str, document: Document) -> FoundPipeline | None:
    kind, metadata, spec = (document.value.get(key) for key in ("kind", "metadata", "spec"))
    if kind not in ("Pipeline", "PipelineRun", "Task") or not isinstance(spec, dict):
        return None
    held = spec.get("pipelineSpec", spec) if kind == "PipelineRun" else spec
    declared = held.get("workspaces") if isinstance(held, dict) else None
    workspaces = declared if isinstance(declared, list) else []
    fields = metadata if isinstance(metadata, dict) else {}
    return FoundPipeline(
        file=file,
        kind=kind,
        name=str(fields.get("name") or fields.get("generateName") or ""),
        workspaces=tuple(str(one["name"]) for one in workspaces if isinstance(one, dict) and "name" in one),
    )


def _likelihood(found: FoundPipeline) -> tuple[Any, ...]:
    """Whole pipelines before tasks, those that take sources before others, those at the top before those deep down."""
    kinds = ("Pipeline", "PipelineRun", "Task")
    return (
        kinds.index(found.kind) // 2,
        not found.workspaces,
        len(PurePosixPath(found.file).parts),
        found.file,
    )


def _applications(importer: Importer, documents: Sequence[Document]) -> list[Application]:
    declared = importer.declared(documents) if documents else None
    return [one.application for one in declared.applications] if declared is not None else []


def _environments(application: Application) -> Iterator[FoundEnvironment]:
    """An environment is known by a word of its usual names: in the path, the namespace, or the application's name."""
    for source in application.effective_sources:
        words = [
            *reversed(PurePosixPath(source.path).parts),
            application.destination.namespace,
            application.name,
        ]
        named = next((word for one in words for word in _words(one) if _place(word) < len(_ORDER)), "")
        name = _fitting(named or application.destination.namespace or application.name)
        if name and source.path:
            yield FoundEnvironment(
                name=name, repository=source.repository, branch=source.revision, path=source.path
            )


def _words(text: str) -> list[str]:
    return [word for word in text.lower().replace("_", "-").replace(".", "-").split("-") if word]


def _place(name: str) -> int:
    return next((number for number, start in enumerate(_ORDER) if name.startswith(start)), len(_ORDER))


def _fitting(name: str) -> str:
    """As names of environments are allowed."""
    kept = "".join(
        char if char.isascii() and (char.isalnum() or char in "._-") else "-" for char in name.lower()
    )
    kept = kept.strip("._-")
    return "" if kept == "build" else kept
