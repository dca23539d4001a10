"""Where an application's manifests come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from holkas.records import dataclass

Options = Mapping[str, Any]
"""Options of one renderer, as in the manifest (``valueFiles``, ``namePrefix`` …)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationSource:
    """A directory of a repository, or a chart.

    revision: branch, tag, id or range of versions; empty for the default. tag_prefix: of the tags among which a range
    of versions chooses. ref: name by which other sources refer to it. name: for people and commands.
    helm, kustomize, directory, plugin: options as in the manifest; None where there is no such block, which is not the
    same as an empty one: a block chooses the renderer.
    """

    repository: str
    path: str = ""
    revision: str = ""
    chart: str = ""
    ref: str = ""
    name: str = ""
    tag_prefix: str = ""
    helm: Options | None = None
    kustomize: Options | None = None
    directory: Options | None = None
    plugin: Options | None = None

    @property
    def explicit_types(self) -> tuple[str, ...]:
        """The renderers that the source names, in Argo CD's words; more than one is an error.

        Blocks that say nothing do not count (``NormalizeApplicationSpec``, ``ApplicationSource.ExplicitType``).
        """
        globs = self.directory is not None and bool(
            self.directory.get("include") or self.directory.get("exclude")
        )
        named = {
            "Kustomize": not is_zero(self.kustomize),
            "Helm": not is_zero(self.helm),
            "Directory": globs or not directory_is_zero(self.directory),
            "Plugin": self.plugin is not None,
        }
        return tuple(name for name, counts in named.items() if counts)

    @property
    def is_zero(self) -> bool:
        """Whether it says nothing at all (Argo CD, ``ApplicationSource.IsZero``; a chart alone says nothing)."""
        blocks = (self.helm, self.kustomize, self.plugin)
        return (
            not (self.repository or self.path or self.revision)
            and all(map(is_zero, blocks))
            and directory_is_zero(self.directory)
        )

    def namespace_or(self, default: str) -> str:
        """The namespace to render with: Helm's, Kustomize's, or the given one."""
        return self._first("namespace") or default

    def kube_version_or(self, default: str) -> str:
        """The version of Kubernetes to render for."""
        return self._first("kubeVersion") or default

    def api_versions_or(self, default: Sequence[str]) -> Sequence[str]:
        """The API versions to render for."""
        return self._first("apiVersions") or default

    def _first(self, option: str) -> Any:
        return next(
            (block[option] for block in (self.helm, self.kustomize) if block and block.get(option)), None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHydrator:
    """Manifests are rendered from a dry source, committed to a branch and synced from there.

    sync_branch, sync_path: where from. hydrate_to: branch to commit to, empty for the one that is synced.
    """

    dry_source: ApplicationSource
    sync_branch: str
    sync_path: str
    hydrate_to: str = ""

    def sync_source(self) -> ApplicationSource:
        """The source to sync from: of the dry source's repository."""
        return ApplicationSource(
            repository=self.dry_source.repository, path=self.sync_path, revision=self.sync_branch
        )

    def hydrate_source(self) -> ApplicationSource:
        """The place that rendered manifests are committed to."""
        return ApplicationSource(
            repository=self.dry_source.repository,
            path=self.sync_path,
            revision=self.hydrate_to or self.sync_branch,
        )


_UNCOUNTED = frozenset(
    (
        "commonAnnotationsEnvsubst",
        "forceCommonAnnotations",
        "forceCommonLabels",
        "labelIncludeTemplates",
        "labelWithoutSelector",
    )
)
"""Options of Kustomize that alone say nothing."""


def is_zero(options: Options | None) -> bool:
    """Whether the options of Helm, Kustomize, jsonnet or a plugin say nothing (Argo CD, ``IsZero`` of each)."""
    if not options:
        return True
    if options.get("valuesObject") is not None:  # an empty one too takes the place of ``values``
        return False
    return not any(value for name, value in options.items() if name not in _UNCOUNTED)


def directory_is_zero(options: Options | None) -> bool:
    """The same for a directory, where patterns do not count (``ApplicationSourceDirectory.IsZero``)."""
    counted = ("recurse", "disableExtensionFilter")
    return not options or (not any(map(options.get, counted)) and is_zero(options.get("jsonnet")))
