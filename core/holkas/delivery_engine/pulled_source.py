"""The pulling side's desired state: an environment's release as its configuration repository has it now.

To the reconciler an environment is an application with one resource, a ``Release``: so push and pull, applications of
Argo CD and releases of ours go round in one loop.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from holkas.delivery.definition import ProjectDefinition, PullRule, Stage
from holkas.delivery_engine.pulling import FILE
from holkas.extensions.declared import Declared, DeclaredApplication
from holkas.extensions.renderer import RenderedApplication, RenderedProject
from holkas.model.application import Application, Destination
from holkas.model.application_source import ApplicationSource
from holkas.model.finding import Finding, Place
from holkas.model.revision import Revision
from holkas.model.sync_policy import Automated, Backoff, Retry, SyncPolicy
from holkas.records import dataclass
from holkas.roles.errors import NotFound
from holkas.roles.version_control import VersionControl
from holkas.yaml import Document, dump_all

API_VERSION, KIND = "holkas/v1", "Release"
MAX_SIZE = 4 << 20
"""Bytes of a release's document."""

_TEXTS = ("project", "environment", "release")
_MAPPINGS = ("values", "files", "secrets")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an environment is to run. head: the commit that says so. spec: the release, None for what is none.

    fault: why it is none.
    """

    head: Revision
    spec: Mapping[str, Any] | None = None
    fault: str = ""

    @property
    def release(self) -> str:
        """The release's id; empty for what is none."""
        return "" if self.spec is None else str(self.spec["release"])


class PulledSource:
    """Reads the configuration repositories. ``files``: digest → content of configuration files that were read.

    wanted: environment → what it is to run, where its repository says anything about it.

    ``render`` and ``read`` are what :class:`holkas.reconciler.reconciler.Reconciler` and its declarations ask.
    """

    def __init__(
        self,
        definition: ProjectDefinition,
        stages: Sequence[Stage],
        control: VersionControl,
        told: Callable[[str, str, Mapping[str, Any]], None],
    ) -> None:
        self.files: dict[str, bytes] = {}
        self.wanted: dict[str, Wanted] = {}
        self._definition = definition
        self._stages = {name(definition, stage): stage for stage in stages}
        self._control = control
        self._told = told
        self._heads: dict[str, str] = {}

    def render(self, known: RenderedProject | None) -> RenderedProject | None:
        """What every environment is to run; None where no repository has moved. Raises ToolError."""
        heads = {}
        for stage in self._stages.values():
            rule = _rule(stage)
            heads[stage.name] = self._head(rule)
        if known is not None and heads == self._heads:
            return None
        applications = tuple(
            self._rendered(key, stage, heads[stage.name]) for key, stage in self._stages.items()
        )
        self._heads = heads
        return RenderedProject(applications=applications)

    def _head(self, rule: PullRule) -> str:
        try:
            return self._control.resolve(rule.repository, rule.branch).id
        except NotFound:
            return ""  # nothing was ever delivered to it

    def _rendered(self, key: str, stage: Stage, head: str) -> RenderedApplication:
        manifest = {"apiVersion": API_VERSION, "kind": "Environment", "metadata": {"name": key}}
        made: dict[str, Any] = {"name": key, "manifest": manifest, "revisions": (head,)}
        self.wanted.pop(stage.name, None)
        text = ""
        if head:
            rule = _rule(stage)
            revision = self._control.resolve(rule.repository, head)
            try:
                spec = self._spec(stage, revision)
            except (ValueError, TypeError, KeyError) as error:
                place = Place(source=f"{rule.repository} {_path(stage)}")
                finding = Finding(
                    code="D102", message=f"it is no release for {stage.name}: {error}", place=place
                )
                self.wanted[stage.name] = Wanted(head=revision, fault=f"D102: {finding.message}")
                self._told(key, "warning", {"message": f"D102: {finding.message}"})
                return RenderedApplication(**made, findings=(finding,), failed=True)
            if spec is not None:
                self.wanted[stage.name] = Wanted(head=revision, spec=spec)
                resource = {"apiVersion": API_VERSION, "kind": KIND, "metadata": {"name": key}, "spec": spec}
                text = dump_all([resource])
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        return RenderedApplication(**made, text=text, digest=digest)

    def _spec(self, stage: Stage, revision: Revision) -> dict[str, Any] | None:
        """What is released; None where nothing is yet. Raises ValueError for what is no release."""
        with TemporaryDirectory() as place:
            tree = Path(place) / "tree"
            try:
                self._control.checkout(revision, tree, [str(_path(stage).parent)])
            except NotFound:
                return None
            path = tree / _path(stage)
            if not path.is_file() or path.is_symlink():
                return None
            if path.stat().st_size > MAX_SIZE:
                raise ValueError(f"it has more than {MAX_SIZE} bytes")
            spec = release_spec(json.loads(path.read_bytes()), self._definition.name, stage.name)
            self._take_files(path.parent / "files", spec["files"])
        return spec

    def _take_files(self, directory: Path, files: Mapping[str, str]) -> None:
        for relative, digest in files.items():
            path = directory / relative
            inside = path.resolve().is_relative_to(directory.resolve())
            if not inside or not path.is_file():
                raise ValueError(f"its file {relative} is missing")
            data = path.read_bytes()
            if hashlib.sha256(data).hexdigest() != digest:
                raise ValueError(f"its file {relative} is not the one that was delivered")
            self.files[digest] = data

    def read(self, documents: Sequence[Document]) -> Declared:
        """The application of an environment: automatic, drift is put right, what fails is tried again for ever."""
        found = []
        for document in documents:
            key = document.value["metadata"]["name"] if isinstance(document.value, dict) else ""
            stage = self._stages.get(key)
            if stage is not None:
                found.append(DeclaredApplication(application=_application(key, stage), document=document))
        return Declared(applications=tuple(found))


def name(definition: ProjectDefinition, stage: Stage) -> str:
    """Under which an environment goes round in the loop."""
    return f"{definition.name}.{stage.name}"


def release_spec(document: Any, project: str, environment: str) -> dict[str, Any]:
    """What a release's document says, judged. Raises ValueError, KeyError, TypeError."""
    if not isinstance(document, dict) or (document.get("apiVersion"), document.get("kind")) != (
        API_VERSION,
        KIND,
    ):
        raise ValueError(f"it is not {API_VERSION} {KIND}")
    spec = {key: value for key, value in document.items() if key not in ("apiVersion", "kind")}
    for key in _TEXTS:
        if not isinstance(spec[key], str) or not spec[key]:
            raise ValueError(f"{key} is no text")
    for key in _MAPPINGS:
        if not isinstance(spec[key], dict) or not all(isinstance(one, str) for one in spec[key].values()):
            raise ValueError(f"{key} is no mapping of texts")
    if not isinstance(spec["artifacts"], list) or not spec["artifacts"]:
        raise ValueError("it has no artifacts")
    if (spec["project"], spec["environment"]) != (project, environment):
        raise ValueError(f"it is for {spec['environment']} of {spec['project']}")
    for relative in spec["files"]:
        parts = PurePosixPath(relative)
        if parts.is_absolute() or ".." in parts.parts:
            raise ValueError(f"the file {relative} leaves the release")
    return spec


def _rule(stage: Stage) -> PullRule:
    assert stage.pull is not None
    return stage.pull


def _path(stage: Stage) -> PurePosixPath:
    return PurePosixPath(_rule(stage).path or stage.name) / FILE


def _application(key: str, stage: Stage) -> Application:
    rule = _rule(stage)
    return Application(
        name=key,
        sources=(
            ApplicationSource(repository=rule.repository, revision=rule.branch, path=str(_path(stage))),
        ),
        destination=Destination(name=key),
        sync_policy=SyncPolicy(
            automated=Automated(self_heal=True),
            retry=Retry(limit=-1, backoff=Backoff(duration="5s", factor=2, max_duration="3m"), refresh=True),
        ),
    )
