"""The renderer of Argo CD's Applications: cached, in parallel, one failure at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any, ClassVar

from holkas.extensions.renderer import RenderedApplication, RenderedProject, Renderer, RenderOptions
from holkas.extensions.source_fetcher import SourceFetcher, SourceRefused, SourceRequest, SourceTree
from holkas.gitops.identity import Tracking
from holkas.model.finding import Finding, Place
from holkas.plugins.provider import Context

from .cache import RenderCache, key_of
from .discovery import ArgoFiles, declarations_of, identity, is_application, is_project, is_set
from .failure import RenderFailure
from .family import Family
from .remembered import elsewhere, keep_snapshot, same_inputs, snapshot_of, still_holds, warnings
from .sources import Sources
from .tool_versions import tool_versions
from .tracking_settings import tracking_of

if TYPE_CHECKING:
    from holkas.gitops.diff import JqPlaces

    from .jq_places import JqWorker
    from .project_rules import ProjectRules

MAX_LEVELS = 20
"""Of Applications that bring Applications along."""


class ArgoRenderer(Renderer):
    """Argo CD's Applications.

    Options: ``config_management_plugins`` (name → words of a command), ``tracking`` (``method``, ``label``,
    ``installation``), ``impure`` (``allow`` or ``refuse``).
    """

    name: ClassVar[str] = "argocd"

    def __init__(self, context: Context, fetchers: Sequence[SourceFetcher] | None = None) -> None:
        self._plugins: Mapping[str, Sequence[str]] = context.options.get("config_management_plugins", {})
        self._allow_impure = context.options.get("impure") == "allow"
        self._tracking_option: Mapping[str, str] | None = context.options.get("tracking")
        self._sources = Sources(context.plugins, fetchers)
        self._files: dict[str, tuple[SourceTree, ArgoFiles]] = {}
        self._cache = RenderCache(context.state, str(context.project.absolute()))
        self._workers: Any = None
        self._jq: JqWorker | None = None
        self._lock = Lock()

    def recognises(self, manifest: Mapping[str, Any]) -> bool:
        return is_application(manifest)

    def render(
        self, manifests: Sequence[Mapping[str, Any]], options: RenderOptions
    ) -> Iterator[RenderedApplication]:
        found = self._several(list(manifests), options)
        self._cache.save()
        yield from found

    def render_project(self, options: RenderOptions) -> Iterator[RenderedApplication]:
        tree, key = self._own(options)
        known = snapshot_of(self._cache, key, self._sources)
        if known is None:
            declared = list(self._files_of(tree, options).declarations())
            known = sorted(self._everything(declared, options), key=_order)
            self._cache.save()
            keep_snapshot(self._cache, key, known, self._sources)
        yield from known

    def render_declared(
        self, options: RenderOptions, known: RenderedProject | None = None
    ) -> RenderedProject | None:
        tree, key = self._own(options)
        basis = known.basis if known is not None else None
        if isinstance(basis, dict) and basis["key"] == key and still_holds(basis, self._sources):
            return None
        declared = list(self._files_of(tree, options).declarations())
        family = Family()
        every = list(self._everything(declared, options, family))
        found = sorted((replace(one, parent=family.parent(one)) for one in every), key=_order)
        self._cache.save()
        failed = any(one.failed for one in found)
        return RenderedProject(
            applications=tuple(found),
            projects=tuple(one for one in declared if is_project(one)),
            revision=tree.revision,
            basis=None if failed else {"key": key, **elsewhere(self._sources)},
            tracking=self._tracking(options),
            pruning_sets=frozenset(family.pruning_sets),
        )

    def _own(self, options: RenderOptions) -> tuple[SourceTree, str]:
        """The project's files, and a text that is another one where anything in them or in the options is."""
        try:
            tree = self._sources.open(SourceRequest(repository=".", own_revision=options.revision))
        except RenderFailure as failure:
            raise SourceRefused(str(failure), failure.hint) from None
        return tree, key_of([tree.identities([""]), tree.revision, options.revision, self._settings(options)])

    def _files_of(self, tree: SourceTree, options: RenderOptions) -> ArgoFiles:
        """The project's files that speak of Argo CD, read once for each state of them."""
        found = self._files.get(options.revision)
        if found is None or found[0] is not tree:
            found = self._files[options.revision] = tree, ArgoFiles(tree)
        return found[1]

    def _tracking(self, options: RenderOptions) -> Tracking:
        """How resources are marked; a project that cannot be read says nothing of it."""
        if self._tracking_option:
            return tracking_of(self._tracking_option, ())
        try:
            tree = self._sources.open(SourceRequest(repository=".", own_revision=options.revision))
        except (RenderFailure, SourceRefused):
            return tracking_of(None, ())
        return tracking_of(None, self._files_of(tree, options).settings())

    def jq_places(self) -> JqPlaces:
        if self._jq is None:
            from .jq_places import JqWorker

            self._jq = JqWorker()
        return self._jq

    def close(self) -> None:
        if self._jq is not None:
            self._jq.close()
            self._jq = None
        if self._workers is not None:
            self._workers.close()
            self._workers = None
        self._sources.close()

    def _settings(self, options: RenderOptions) -> list[Any]:
        return [
            tool_versions(), self._plugins, self._tracking_option, options.values, options.parameters,
            options.kube_version, options.api_versions, options.allow_impure or self._allow_impure,
        ]  # fmt: skip

    def _everything(
        self, manifests: list[Any], options: RenderOptions, family: Family | None = None
    ) -> Iterator[RenderedApplication]:
        """Applications, and those among their resources, level by level, each once. family: is told who brings whom."""
        seen: set[tuple[str, str]] = set()
        family = family or Family()
        rules = _rules([one for one in manifests if is_project(one)])
        for _ in range(MAX_LEVELS):
            applications: list[Mapping[str, Any]] = []
            for manifest in manifests:
                if is_application(manifest):
                    applications.append(manifest)
                elif (
                    is_set(manifest) and (f"{identity(manifest)[0]}/", "") not in seen
                ):  # no Application has such a name
                    seen.add((f"{identity(manifest)[0]}/", ""))
                    made, failure = self._of_set(manifest, options)
                    applications += made
                    if not failure:
                        family.set_gave(manifest, made)
                    yield from failure
            level = {identity(one): one for one in applications if identity(one) not in seen}
            if not level:
                return
            seen.update(level)
            manifests = []
            permitted, refused = _judged(list(level.values()), rules)
            yield from refused
            several = self._several(permitted, options)
            for manifest, rendered in zip(permitted, several, strict=True):
                told = rules.of_resources(manifest, rendered.names) if rules is not None else ()
                yield replace(rendered, manifest=manifest, findings=(*rendered.findings, *told))
                if any(name.startswith("argoproj.io/Application") for name in rendered.names):
                    brought = list(declarations_of([resource.manifest for resource in rendered.resources()]))
                    family.application_gave(manifest, brought)
                    manifests += brought

    def _of_set(
        self, manifest: Mapping[str, Any], options: RenderOptions
    ) -> tuple[Sequence[Mapping[str, Any]], list[RenderedApplication]]:
        """The Applications of a set, or what is wrong with it in the place of one."""
        from .application_sets import applications_of_set

        made, findings = applications_of_set(manifest, self._sources, options.revision)
        if not findings:
            return made, []
        name, namespace = identity(manifest)
        return (), [RenderedApplication(name=name, namespace=namespace, findings=findings, failed=True)]

    def _several(
        self, manifests: Sequence[Mapping[str, Any]], options: RenderOptions
    ) -> list[RenderedApplication]:
        found: list[RenderedApplication | None] = []
        keys = []
        tracking = self._tracking(options)
        settings = [*self._settings(options), tracking.method, tracking.label, tracking.installation]
        for manifest in manifests:
            spec = {key: value for key, value in manifest.items() if key not in ("status", "operation")}
            keys.append(key_of([spec, settings]))
            found.append(self._known(manifest, keys[-1], options))
        missing = [index for index, one in enumerate(found) if one is None]
        if not missing:
            return [one for one in found if one is not None]
        if len(missing) > 8:
            self._prepare([manifests[index] for index in missing], options)
        from concurrent.futures import ThreadPoolExecutor

        def one_of(index: int) -> RenderedApplication:
            return self._one(manifests[index], keys[index], options, tracking)

        with ThreadPoolExecutor(max(2, os.cpu_count() or 1)) as pool:
            for index, rendered in zip(missing, pool.map(one_of, missing), strict=True):
                found[index] = rendered
        return [one for one in found if one is not None]

    def _prepare(self, manifests: Sequence[Mapping[str, Any]], options: RenderOptions) -> None:
        """Have all files of the project at once, instead of a little for each of many Applications."""
        try:
            self._sources.open(SourceRequest(repository=".", own_revision=options.revision)).materialise([""])
        except (RenderFailure, SourceRefused):
            return  # the Application that it concerns says so

    def _one(
        self, manifest: Mapping[str, Any], key: str, options: RenderOptions, tracking: Tracking
    ) -> RenderedApplication:
        from holkas.yaml import dump_all

        from .application import Tools, render_application
        from .application_source import application_spec

        name, namespace = identity(manifest)
        if self._allow_impure:
            options = replace(options, allow_impure=True)
        try:
            spec = application_spec(manifest)
            tools = Tools(
                sources=self._sources, workers=self._pool(), options=options, plugins=self._plugins, tracking=tracking,
            )  # fmt: skip
            outcome = render_application(spec, tools)
            text = dump_all(outcome.manifests)
        except (RenderFailure, ValueError, TypeError) as error:
            return _failed(manifest, error)
        digest = self._cache.keep_text(text)
        record = {
            "inputs": [
                [
                    self._identities(one.request, one.paths),
                    self._sources.open(one.request).revision if one.revision else "",
                ]
                for one in outcome.inputs
            ],
            "digest": digest,
            "names": outcome.names,
            "revisions": outcome.revisions,
            "repeated": outcome.repeated,
            "impure": outcome.impure,
        }
        self._cache.keep(key, record)
        return RenderedApplication(
            name=name,
            namespace=namespace,
            project=spec.project,
            text=text,
            digest=digest,
            names=outcome.names,
            revisions=outcome.revisions,
            findings=warnings(name, outcome.repeated, outcome.impure),
        )

    def _pool(self) -> Any:
        with self._lock:
            if self._workers is None:
                from .workers import Workers

                self._workers = Workers()
            return self._workers

    def _identities(self, request: SourceRequest, paths: Sequence[str]) -> list[list[str]]:
        found = self._sources.open(request).identities(paths)
        return [list(pair) for pair in zip(paths, found, strict=True)]

    def _known(
        self, manifest: Mapping[str, Any], key: str, options: RenderOptions
    ) -> RenderedApplication | None:
        """What an Application gave when everything that it read was as it is now."""
        records = self._cache.records(key)
        if not records:
            return None
        from .application_source import application_spec

        try:
            spec = application_spec(manifest)
            trees = [self._sources.open(self._sources.request(one, options.revision)) for one in spec.sources]
        except RenderFailure:
            return None
        for record in records:
            if not same_inputs(record.get("inputs"), trees):
                continue
            text = self._cache.text(str(record.get("digest")))
            if text is not None:
                name, namespace = identity(manifest)
                return RenderedApplication(
                    name=name,
                    namespace=namespace,
                    project=spec.project,
                    text=text,
                    digest=str(record["digest"]),
                    names=tuple(record["names"]),
                    revisions=tuple(tree.revision for tree in trees),
                    findings=warnings(name, record["repeated"], record["impure"]),
                    cached=True,
                )
        return None


def _rules(projects: Sequence[Mapping[str, Any]]) -> ProjectRules | None:
    if not projects:
        return None
    from .project_rules import ProjectRules

    return ProjectRules(projects)


def _judged(
    manifests: Sequence[Mapping[str, Any]], rules: ProjectRules | None
) -> tuple[list[Mapping[str, Any]], list[RenderedApplication]]:
    """The Applications that their projects permit, and the outcome of those that they do not."""
    if rules is None:
        return list(manifests), []
    permitted: list[Mapping[str, Any]] = []
    refused: list[RenderedApplication] = []
    for manifest in manifests:
        if findings := rules.findings(manifest):
            name, namespace = identity(manifest)
            refused.append(
                RenderedApplication(
                    name=name, namespace=namespace, findings=findings, failed=True, manifest=manifest
                )
            )
        else:
            permitted.append(manifest)
    return permitted, refused


def _order(one: RenderedApplication) -> tuple[str, str]:
    return one.name, one.namespace


def _failed(manifest: Mapping[str, Any], error: Exception) -> RenderedApplication:
    name, namespace = identity(manifest)
    finding = Finding(
        code=getattr(error, "code", "R107"),
        message=str(error) or type(error).__name__,
        place=Place(source=name or "<Application>"),
        hint=getattr(error, "hint", ""),
    )
    return RenderedApplication(name=name, namespace=namespace, findings=(finding,), failed=True)
