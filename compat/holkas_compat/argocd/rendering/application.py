"""One Application to its resources: every source, in order, then what belongs to all of them."""

from __future__ import annotations

import posixpath
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any

from holkas.extensions.renderer import RenderOptions
from holkas.extensions.source_fetcher import SourceRefused, SourceRequest
from holkas.gitops.identity import Tracking, TrackingMethod, tracked
from holkas.gitops.instance_label import LONGEST
from holkas.records import dataclass

from .application_source import ApplicationSourceSpec, ApplicationSpec
from .environment import BuildEnvironment, build_environment
from .failure import RenderFailure
from .inputs import TreeReader, inner_path, reduced
from .manifests import check, flattened, last_of_each
from .source_type import overridden, source_type
from .sources import Sources
from .tracking import name_of, scopes_of, with_namespace
from .workers import Workers

_OF_REVISION = frozenset({"ARGOCD_APP_REVISION", "ARGOCD_APP_REVISION_SHORT", "ARGOCD_APP_REVISION_SHORT_8"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What rendering needs beside the Application. ``plugins``: allowed commands by name. ``tracking``: how its resources
    are marked as its own."""

    sources: Sources
    workers: Workers
    options: RenderOptions
    plugins: Mapping[str, Sequence[str]] = field(default_factory=dict)
    tracking: Tracking = Tracking()


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """What a render read of one source. ``revision``: it depends on the revision's id itself."""

    request: SourceRequest
    paths: tuple[str, ...]
    revision: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of an Application. ``repeated``: names of resources that came more than once. ``impure``: functions of
    its charts that give something else each time."""

    manifests: tuple[Mapping[str, Any], ...]
    names: tuple[str, ...]
    revisions: tuple[str, ...]
    inputs: tuple[Input, ...]
    types: tuple[str, ...]
    repeated: tuple[str, ...] = ()
    impure: tuple[str, ...] = ()


class _Opened:
    """A source with its tree. Sources of one request share what was read."""

    def __init__(self, source: ApplicationSourceSpec, request: SourceRequest, reader: TreeReader) -> None:
        self.source = source
        self.request = request
        self.reader = reader
        self.of_revision = False
        self.impure: list[str] = []


def render_application(spec: ApplicationSpec, tools: Tools) -> Outcome:
    """Render an Application. Raises RenderFailure."""
    if tools.tracking.method is TrackingMethod.LABEL and len(spec.instance) > LONGEST:
        raise RenderFailure(
            "R152",
            f"resources are tracked by label, and {spec.instance!r} is longer than the {LONGEST} characters of one",
            "choose a shorter name, or track by annotation+label",
        )
    try:
        opened = [_open(source, tools) for source in spec.sources]
        references = {f"${one.source.ref}": one.reader for one in opened if one.source.ref}
        found: list[dict[str, Any]] = []
        types: list[str] = []
        for one in opened:
            if one.source.ref and not one.source.path and not one.source.chart:
                types.append("")
                continue
            kind, manifests = _render_source(spec, one, references, tools)
            types.append(kind)
            found += manifests
    except SourceRefused as error:
        raise RenderFailure("R140", str(error), error.hint) from None
    for manifest in found:
        check(manifest)
    scopes = scopes_of(found)
    placed = [with_namespace(one, spec.destination_namespace, scopes) for one in found]
    names = [name_of(one) for one in placed]
    kept, dropped = last_of_each(names)
    namespace = spec.destination_namespace
    marked = [tracked(placed[index], spec.instance, tools.tracking, namespace) for index in kept]
    return Outcome(
        manifests=tuple(marked),
        names=tuple(names[index] for index in kept),
        revisions=tuple(one.reader.tree.revision for one in opened),
        inputs=_inputs(spec, opened),
        types=tuple(types),
        repeated=tuple(dict.fromkeys(names[index] for index in dropped)),
        impure=tuple(sorted({name for one in opened for name in one.impure})),
    )


def _open(source: ApplicationSourceSpec, tools: Tools) -> _Opened:
    request = tools.sources.request(source, tools.options.revision)
    return _Opened(source, request, TreeReader(tools.sources.open(request)))


def _render_source(
    spec: ApplicationSpec, one: _Opened, references: Mapping[str, TreeReader], tools: Tools
) -> tuple[str, list[dict[str, Any]]]:
    source, reader = one.source, one.reader
    if not source.chart and not source.path:
        raise RenderFailure("R101", "a source needs a path or a chart", "'.' is the root of the repository")
    if source.path.startswith("/"):
        raise RenderFailure("R102", f"{source.path}: app path is absolute")
    path = "" if source.chart else inner_path("", source.path, "path")
    if path and not reader.is_directory(path):
        raise RenderFailure(
            "R103",
            f"{source.path}: app path {'is not a directory' if reader.is_file(path) else 'does not exist'}",
        )
    source = overridden(source, path, spec.name, reader)
    environment = build_environment(
        name=spec.instance,
        namespace=spec.destination_namespace,
        project=spec.project,
        revision=reader.tree.revision,
        repository=source.repository,
        path=source.path,
        target_revision=source.revision,
    )
    kind = source_type(source, path, reader)

    def render(scratch: Path) -> list[dict[str, Any]]:
        return _of_type(kind, spec, source, path, reader, references, environment, tools, scratch)

    with tempfile.TemporaryDirectory(prefix="holkas-render-") as scratch:
        manifests = render(Path(scratch))
        if kind == "Helm":
            one.impure = _impure(path, reader, Path(scratch), render, manifests, tools.options)
    one.of_revision = bool(environment.used & _OF_REVISION)
    return kind, flattened(manifests)


def _impure(
    path: str,
    reader: TreeReader,
    scratch: Path,
    render: Callable[[Path], list[dict[str, Any]]],
    manifests: list[dict[str, Any]],
    options: RenderOptions,
) -> list[str]:
    """The functions for which a chart may give something else tomorrow. Raises RenderFailure R153 where it does now."""
    from .helm.impure import MAY_REPEAT, difference, impure_functions

    functions = impure_functions(path, reader, scratch)
    if not functions:
        return []
    again = scratch / "again"
    again.mkdir()
    changed = difference(manifests, render(again))
    if not changed:
        return [name for name in functions if name in MAY_REPEAT]
    if not options.allow_impure:
        raise RenderFailure(
            "R153",
            f"the chart gives something else each time, first in {changed}; it calls {', '.join(functions)}",
            "give the value that it makes up, or render it all the same with --allow-impure or impure: allow",
        )
    return functions


def _of_type(
    kind: str,
    spec: ApplicationSpec,
    source: ApplicationSourceSpec,
    path: str,
    reader: TreeReader,
    references: Mapping[str, TreeReader],
    environment: BuildEnvironment,
    tools: Tools,
    scratch: Path,
) -> list[dict[str, Any]]:
    if kind == "Helm":
        from .helm.chart import render_chart

        helm = source.options.get("helm", {})
        return render_chart(
            spec.name, spec.destination_namespace, path, helm,
            reader, references, environment, tools.options, tools.sources, tools.workers, scratch,
        )  # fmt: skip
    if kind == "Kustomize":
        from .kustomize.build import render_kustomization

        kustomize = source.options.get("kustomize", {})
        return render_kustomization(path, kustomize, reader, environment, tools.workers, scratch)
    if kind == "Plugin":
        from .plugin import render_plugin

        plugin = source.options.get("plugin", {})
        return render_plugin(path, plugin, reader, environment, tools.workers, scratch, tools.plugins)
    from .directory import render_directory

    return render_directory(path, source.options.get("directory", {}), reader, environment, tools.workers)


def _inputs(spec: ApplicationSpec, opened: Sequence[_Opened]) -> tuple[Input, ...]:
    """What has to be the same for the outcome to be the same: what the author says it is, else what was read.

    Source of the annotation's rules: Argo CD, "Manifest Paths Annotation".
    """
    found: list[Input] = []
    for one in opened:
        paths: list[str] = reduced(one.reader.looked_at)
        if spec.generate_paths and one.source.path:
            base = inner_path("", one.source.path, "path")
            paths = reduced([generate_path(base, path) for path in spec.generate_paths])
        found.append(Input(request=one.request, paths=tuple(paths), revision=one.of_revision))
    return tuple(found)


def generate_path(base: str, path: str) -> str:
    """The directory or file that a path of the annotation means; of a glob, the directory that it starts from.

    Source: Argo CD, util/app/path (GetAppRefreshPaths), reposerver/repository (getApplicationRootPath).
    """
    where = inner_path(base, path, "manifest-generate-paths")
    parts = where.split("/")
    for index, part in enumerate(parts):
        if any(character in part for character in "*?["):
            return posixpath.join("", *parts[:index]) if index else ""
    return where
