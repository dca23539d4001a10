"""A project with fake tools and a ledger of the test's, and a way to die at any moment of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from holkas.cli.app.telling import line_of
from holkas.delivery import event_types as on
from holkas.delivery.board import environment_row
from holkas.delivery.definition import ArtifactRule, PipelineUse, ProjectDefinition, Stage
from holkas.delivery_engine.project import ProjectDeliveries, Who
from holkas.delivery_engine.pulled_loop import PullLoop
from holkas.delivery_engine.recorder import load
from holkas.model.environment import Environment, Gate, GateKind
from holkas.model.revision import Person
from holkas.reconciler.place import Place
from holkas.state.ledger import Ledger
from holkas.testing.fakes.artifact_repository import FakeArtifactRepository
from holkas.testing.fakes.automation_agent import FakeAutomationAgent
from holkas.testing.fakes.build_server import FakeBuildServer
from holkas.testing.fakes.monitoring import FakeMonitoring
from holkas.testing.fakes.notifier import FakeNotifier
from holkas.testing.fakes.secret_store import FakeSecretStore
from holkas.testing.fakes.version_control import FakeVersionControl

ANNA, BERT = Person(name="Anna", email="anna@example.org"), Person(name="Bert", email="bert@example.org")
BOSS = Who(name="boss", account="root")
REPOSITORY = "shop.git"


class FakeTools:
    """The toolbox, with everything that a test may want to look at."""

    def __init__(self) -> None:
        self.control = FakeVersionControl()
        self.control.create(REPOSITORY)
        self.repository = FakeArtifactRepository()
        self.server = FakeBuildServer()
        self.local = FakeAutomationAgent()
        self.secrets = FakeSecretStore({"shop/db": {"password": "hunter2-hunter2"}})
        self.log = FakeMonitoring()
        self.channel = FakeNotifier()

    def version_control(self) -> Any:
        return self.control

    def artifact_repository(self) -> Any:
        return self.repository

    def build_server(self) -> Any:
        return self.server

    def agent(self, name: str) -> Any:
        return self.local

    def secret_store(self) -> Any:
        return self.secrets

    def monitoring(self) -> Any:
        return {"log": self.log}

    def notifier(self, name: str) -> Any:
        return self.channel

    def importers(self) -> Any:
        return []

    def custom_tasks(self) -> frozenset[str]:
        return frozenset()


def stage(
    name: str, *, manual: bool = False, approvers: tuple[str, ...] = (), approvals: int = 1, **more: Any
) -> Stage:
    kind = GateKind.MANUAL if manual else GateKind.AUTOMATIC
    gate = Gate(kind=kind, approvers=approvers, approvals=approvals)
    return Stage(environment=Environment(name=name, gate=gate), **more)


def check(name: str) -> PipelineUse:
    return PipelineUse(name=name, job=name)


def project(*stages: Stage, **more: Any) -> ProjectDefinition:
    given: dict[str, Any] = {
        "name": "shop",
        "repository": REPOSITORY,
        "artifacts": (ArtifactRule(name="shop", path="app"),),
        "stages": stages or (stage("dev"), stage("test"), stage("prod")),
    }
    return ProjectDefinition(**(given | more))


def private_key() -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@dataclass
class Shop:
    """One project on its way."""

    directory: Path
    definition: ProjectDefinition = field(default_factory=project)
    now: float = 1_800_000_000.0

    def __post_init__(self) -> None:
        self.tools: Any = FakeTools()
        self.ledger: Any = Ledger(self.directory / "state")
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.head = ""

    def close(self) -> None:
        self.ledger.close()

    @property
    def state(self) -> Path:
        return self.directory / "state"

    def define(self, *stages: Stage, **more: Any) -> None:
        self.definition = project(*stages, **more) if stages else replace(self.definition, **more)

    @property
    def deliveries(self) -> ProjectDeliveries:
        return ProjectDeliveries(
            self.definition, self.tools, self.ledger, self.state, clock=lambda: self.now, sleep=self._sleep,
            told=lambda kind, data: self.told.append((kind, data)),
        )  # fmt: skip

    def _sleep(self, seconds: float) -> None:
        self.now += seconds

    def commit(self, text: str, author: Person = ANNA, **files: bytes) -> Any:
        changes = {"app": text.encode(), **{name.replace("_", "/"): data for name, data in files.items()}}
        revision = self.tools.control.commit(REPOSITORY, "main", changes, f"make it {text}", author=author)
        self.head = revision.id
        return revision

    def deliver(self, who: str = "anna") -> Any:
        """Deliver what is committed; the state of its delivery."""
        number = self.deliveries.request(self.tools.control.resolve(REPOSITORY), Who(name=who))
        self.deliveries.drive(number)
        return self.delivery(number)

    def pull_loop(self, ledger: Any = None) -> PullLoop:
        """What ``holkas watch`` runs, over everything that is pulled."""
        place = Place(state=self.state, installation="test")
        pulled = [one for one in self.definition.stages if one.pull is not None]
        return PullLoop(
            self.definition, pulled, self.tools, ledger or self.ledger, place, clock=lambda: self.now,
            told=lambda name, kind, data: self.told.append((kind, {"name": name, **data})), line=line_of,
        )  # fmt: skip

    def delivery(self, number: int) -> Any:
        return load(self.ledger, "shop", number)

    def board(self, environment: str) -> Any:
        return environment_row(self.ledger.view, "shop", environment)

    def running(self, environment: str) -> str:
        """The version that the board says runs there."""
        row = self.board(environment)
        return row["release"]["revision"] if row and row["release"] else ""

    def really(self, environment: str) -> str:
        """The release that the agent says runs there."""
        return self.tools.local.check(Environment(name=environment)).release

    def kinds(self, number: int = 1) -> list[str]:
        return [entry.type for entry in self.ledger.read(on.delivery_stream("shop", number))]


class Died(BaseException):
    """The process is gone."""


class Mortal:
    """Stands before an object and ends the process before or after one of its calls, counted over all of them."""

    def __init__(self, inner: Any, tick: Callable[[str], None], methods: tuple[str, ...] = ()) -> None:
        self._inner, self._tick, self._methods = inner, tick, methods

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._inner, name)
        if name.startswith("_") or not callable(value) or (self._methods and name not in self._methods):
            return value

        def call(*args: Any, **kwargs: Any) -> Any:
            self._tick(f"before {name}")
            result = value(*args, **kwargs)
            self._tick(f"after {name}")
            return result

        return call
