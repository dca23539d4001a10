"""Renderers: from an Application's manifest to the resources that it wants."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any, ClassVar

from holkas.gitops.identity import Tracking
from holkas.model.finding import Finding
from holkas.model.resource import Resource
from holkas.records import dataclass

if TYPE_CHECKING:
    from holkas.gitops.diff import JqPlaces


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderOptions:
    """How Applications are rendered; all that can change what comes out, beside the files.

    revision: of the project's own repository, for sources that follow its branch; empty for the files as they lie there.
    values: further helm values, the last wins. parameters: helm parameters by name, over those of the manifest.
    kube_version, api_versions: of the cluster that charts ask about; empty for a fixed version. allow_impure: render also
    what gives something else each time, which is refused otherwise.
    """

    revision: str = ""
    values: tuple[Mapping[str, Any], ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    kube_version: str = ""
    api_versions: tuple[str, ...] = ()
    allow_impure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedApplication:
    """What came of one Application.

    text: its resources as YAML documents, byte for byte the same for the same commits and options.
    digest: of ``text``. names: ``group/Kind:namespace/name`` of each. revisions: one for each source.
    failed: whether ``findings`` hold an error; then there are no resources. cached: nothing had to be rendered.
    manifest: the Application's own; empty from ``render_project``, which need not read it. parent: what brought it
    along, ``Application/<namespace>/<name>`` or ``ApplicationSet/<namespace>/<name>``; empty where a file declares it.
    """

    name: str
    namespace: str = ""
    project: str = "default"
    text: str = ""
    digest: str = ""
    names: tuple[str, ...] = ()
    revisions: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    failed: bool = False
    cached: bool = False
    manifest: Mapping[str, Any] = field(default_factory=dict)
    parent: str = ""

    def resources(self) -> list[Resource]:
        """The resources as plain values, in the renderer's order."""
        from holkas.yaml import Source, load_documents

        source = Source(self.name, self.text.encode())
        return [Resource(manifest=document.value) for document in load_documents(source, strict=False)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedProject:
    """Every Application of a project with its manifest, for who keeps them in their desired state.

    projects: manifests of what says which Applications are permitted (AppProjects). revision: of the project's own
    repository, empty without one. basis: for :meth:`Renderer.render_declared`; None where it is to be asked again.
    tracking: how the resources are marked as an Application's. pruning_sets: ApplicationSets, as ``parent`` names them,
    that said all of their Applications and delete those that they no longer give.
    """

    applications: tuple[RenderedApplication, ...] = ()
    projects: tuple[Mapping[str, Any], ...] = ()
    revision: str = ""
    basis: object = None
    tracking: Tracking = Tracking()
    pruning_sets: frozenset[str] = frozenset()


class Renderer(ABC):
    """Renders one family's Applications (Argo CD's). Offline but for what its fetchers fetch; safe for threads.

    The outcome is a pure function of the files at their revisions, the manifest and the options.
    """

    name: ClassVar[str]

    @abstractmethod
    def recognises(self, manifest: Mapping[str, Any]) -> bool:
        """Whether a manifest is one of its Applications."""

    @abstractmethod
    def render(
        self, manifests: Sequence[Mapping[str, Any]], options: RenderOptions
    ) -> Iterator[RenderedApplication]:
        """Render Applications, in their order; one that fails does not keep the others from being rendered."""

    @abstractmethod
    def render_project(self, options: RenderOptions) -> Iterable[RenderedApplication]:
        """Render every Application of the project's repository, those that others bring along included, by name.

        Raises SourceRefused where the project or its revision cannot be read.
        """

    def render_declared(
        self, options: RenderOptions, known: RenderedProject | None = None
    ) -> RenderedProject | None:
        """As ``render_project``, with the Applications' manifests. None where nothing has changed since ``known``."""
        return RenderedProject(applications=tuple(self.render_project(options)))

    def jq_places(self) -> JqPlaces | None:
        """What works out the jq expressions of ``ignoreDifferences`` that may take long; until ``close``."""
        return None

    def close(self) -> None:
        """End helping processes and remove what only this process needed."""
        return
