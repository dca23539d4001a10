"""A small GitOps world: applications whose resources the test writes down, a target in memory whose workloads a script
brings to life, and a reconciler that can be killed between any two moments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from holkas.extensions.renderer import RenderedApplication, RenderedProject
from holkas.extensions.target import Target
from holkas.gitops.annotations import OPERATION, annotation
from holkas.gitops.identity import Tracking, tracked
from holkas.model.resource import ResourceKey
from holkas.reconciler.book import Book
from holkas.reconciler.declared import Declarations
from holkas.reconciler.place import Place
from holkas.reconciler.reconciler import Pass, Reconciler
from holkas.reconciler.target_pool import TargetPool
from holkas.reconciler.unit import Tools, Unit
from holkas.roles.errors import ToolError
from holkas.state.ledger import Ledger
from holkas.yaml import dump_all
from holkas_builtin.targets.memory import MemoryTarget
from holkas_compat.argocd.importer import ArgoCdImporter


class Killed(BaseException):
    """The process ended here."""


def manifest(
    kind: str, name: str, *, wave: int | None = None, hook: str = "", policy: str = "", **fields: Any
) -> dict[str, Any]:
    """A resource in namespace ``shop``."""
    annotations = {}
    if wave is not None:
        annotations["argocd.argoproj.io/sync-wave"] = str(wave)
    if hook:
        annotations["argocd.argoproj.io/hook"] = hook
    if policy:
        annotations["argocd.argoproj.io/hook-delete-policy"] = policy
    annotations |= fields.pop("annotations", {})
    versions = {"Deployment": "apps/v1", "Job": "batch/v1", "ConfigMap": "v1", "Service": "v1"}
    metadata = {"name": name, "namespace": "shop", **({"annotations": annotations} if annotations else {})}
    return {"apiVersion": versions.get(kind, "example.com/v1"), "kind": kind, "metadata": metadata, **fields}


def config(name: str, value: str = "1", **more: Any) -> dict[str, Any]:
    return manifest("ConfigMap", name, data={"value": value}, **more)


def application(
    name: str,
    *,
    automated: Mapping[str, Any] | None = None,
    options: tuple[str, ...] = (),
    depends: str = "",
    **spec: Any,
) -> dict[str, Any]:
    """An Application of project ``default``."""
    policy: dict[str, Any] = {}
    if automated is not None:
        policy["automated"] = dict(automated)
    if options:
        policy["syncOptions"] = list(options)
    policy |= spec.pop("policy", {})
    annotations = {"holkas.dev/depends-on": depends} if depends else {}
    finalizers = spec.pop("finalizers", ())
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {
            "name": name,
            "namespace": "argocd",
            "annotations": annotations | spec.pop("annotations", {}),
            **({"finalizers": list(finalizers)} if finalizers else {}),
        },
        "spec": {
            "project": spec.pop("project", "default"),
            "source": {"repoURL": ".", "path": name, "targetRevision": "main"},
            "destination": {"server": "https://kubernetes.default.svc", "namespace": "shop"},
            "syncPolicy": policy,
            **spec,
        },
    }


class Workloads(MemoryTarget):
    """A target in memory whose hooks and workloads get their statuses as a script says.

    moment: called before and after each call that changes something. log: what was done, hooks with their operation.
    ends: name → how a Job ends (``Complete`` or ``Failed``), as soon as somebody looks; others stay as they are.
    """

    def __init__(self, moment: Callable[[], None]) -> None:
        super().__init__(has_status=True)
        self.moment = moment
        self.log: list[str] = []
        self.ends: dict[str, str] = {}
        self.refuses: set[str] = set()
        self.started: list[tuple[str, str]] = []
        self.broken = ""

    def apply(self, resource, options=None):
        self._broken()
        if resource.key.name in self.refuses:
            raise ToolError(f"{resource.key.name} is refused")
        dry = options is not None and options.dry_run
        if not dry:
            self.moment()
            if self.get(resource.key) is None and (mark := annotation(resource.manifest, OPERATION)):
                self.started.append((resource.key.name, mark))
            self.log.append(f"apply {resource.key.name}")
        done = super().apply(resource, options)
        if not dry:
            self._live(resource.key)
            self.moment()
        return done

    def delete(self, key, **options):
        self._broken()
        if options.get("dry_run"):
            return super().delete(key, **options)
        self.moment()
        self.log.append(f"delete {key.name}")
        done = super().delete(key, **options)
        self.moment()
        return done

    def changes(self, mark=""):
        self._broken()
        return super().changes(mark)

    def _broken(self) -> None:
        if self.broken:
            raise ToolError(self.broken)

    def _live(self, key: ResourceKey) -> None:
        resource = self.get(key)
        if resource is None or key.kind != "Job" or "status" in resource.manifest:
            return
        end = self.ends.get(key.name, "Complete")
        if end:
            condition = {"type": end, "status": "True", "message": end.lower()}
            self.put({**resource.manifest, "status": {"conditions": [condition]}})


@dataclass
class World:
    """Everything that outlives a kill: the repository, the target, the state directory, the clock."""

    state: Path
    applications: dict[str, dict[str, Any]] = field(default_factory=dict)
    resources: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    projects: list[dict[str, Any]] = field(default_factory=list)
    revision: str = "1" * 40
    failing: dict[str, str] = field(default_factory=dict)
    time: float = 1_700_000_000.0
    moments: int = 0
    kill_at: int = -1
    told: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)
    renders: int = 0

    def __post_init__(self) -> None:
        self.target = Workloads(self.moment)
        self.others: dict[str, Target] = {}
        self.tracking = Tracking()
        self.jq: Any = None
        self.parents: dict[str, str] = {}
        self.pruning_sets: frozenset[str] = frozenset()

    def moment(self) -> None:
        self.moments += 1
        if self.moments == self.kill_at:
            raise Killed

    def add(self, name: str, *resources: dict[str, Any], **given: Any) -> None:
        self.applications[name] = application(name, **given)
        self.resources[name] = list(resources)

    def commit(self, name: str = "", *resources: dict[str, Any]) -> None:
        """A new revision, with other resources of an application."""
        self.revision = f"{int(self.revision[0], 16) + 1:x}" * 40
        if name:
            self.resources[name] = list(resources)

    def render(self, known: RenderedProject | None) -> RenderedProject | None:
        basis = repr(
            (
                (self.applications, self.resources, self.projects, self.revision, self.failing),
                (self.tracking, self.parents, self.pruning_sets),
            )
        )
        if known is not None and known.basis == basis:
            return None
        self.renders += 1
        return RenderedProject(
            applications=tuple(self._rendered(name) for name in self.applications),
            projects=tuple(self.projects),
            revision=self.revision,
            basis=basis,
            tracking=self.tracking,
            pruning_sets=self.pruning_sets,
        )

    def _rendered(self, name: str) -> RenderedApplication:
        declared = self.applications[name]
        if name in self.failing:
            from holkas.model.finding import Finding
            from holkas.model.finding import Place as At

            finding = Finding(code="R199", message=self.failing[name], place=At(source=name))
            return RenderedApplication(
                name=name,
                namespace="argocd",
                findings=(finding,),
                failed=True,
                manifest=declared,
                parent=self.parents.get(name, ""),
            )
        text = dump_all([tracked(one, name, self.tracking) for one in self.resources[name]])
        return RenderedApplication(
            name=name,
            namespace="argocd",
            text=text,
            digest=sha256(text.encode()).hexdigest(),
            revisions=(self.revision,),
            manifest=declared,
            parent=self.parents.get(name, ""),
        )

    def live(self) -> dict[str, dict[str, Any]]:
        """What is live by name, hooks too."""
        return {one.key.name: dict(one.manifest) for one in self.target.list()}

    def values(self) -> dict[str, Any]:
        """The values of live ConfigMaps."""
        return {name: one["data"]["value"] for name, one in self.live().items() if "data" in one}


class Life:
    """One life of the process: a ledger and a reconciler over a world."""

    def __init__(self, world: World, workers: Any = None) -> None:
        self.world = world
        self.ledger = _Ledger(world)
        self.tools = Tools(
            place=Place(state=world.state, installation="test"),
            ledger=self.ledger,
            clock=lambda: world.time,
            told=lambda name, kind, data: world.told.append((name, kind, data)),
            jq=world.jq,
        )
        self.targets = TargetPool(lambda name: world.others.get(name, world.target))
        importer = ArgoCdImporter()
        self.reconciler = Reconciler(
            world.render, Declarations(importer.declared), self.targets, self.tools, workers=workers
        )

    def __enter__(self) -> Life:
        return self

    def __exit__(self, *error: object) -> None:
        self.ledger.close()

    def run(self, passes: int = 1, seconds: float = 0.0) -> Pass:
        for _ in range(passes):
            done = self.reconciler.run_pass()
            self.world.time += seconds
        return done

    def settle(self, passes: int = 60) -> Pass:
        """Pass after pass, a little later each, until nothing is to be done."""
        for _ in range(passes):
            done = self.reconciler.run_pass()
            if not done.looked and done.due is None:
                return done
            self.world.time += 10
        raise AssertionError(f"it never settles: {done}")

    def unit(self, name: str) -> Unit:
        return self.reconciler.units[name]

    def book(self, name: str) -> Book:
        return Book(self.ledger, "test", name)


class _Ledger(Ledger):
    """A ledger of which each append is a moment before and after."""

    def __init__(self, world: World) -> None:
        self._world = world
        super().__init__(world.state)
        # A killed process loses nothing that it wrote; only a loss of power would, which is not tried here.
        with self._database as connection:
            connection.execute("PRAGMA synchronous=OFF")

    def append_all(self, entries, **given):
        self._world.moment()
        made = super().append_all(entries, **given)
        self._world.moment()
        return made


def lives(world: World, act: Callable[[Life], Any], *, kill_at: int = -1, most: int = 4) -> int:
    """Let ``act`` run, killed at a moment, and again in new lives until it ends; how many moments there were."""
    world.moments, world.kill_at = 0, kill_at
    for _ in range(most):
        try:
            with Life(world) as life:
                act(life)
            return world.moments
        except Killed:
            continue
    raise AssertionError("it was killed again and again")
