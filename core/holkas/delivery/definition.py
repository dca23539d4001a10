"""What a project's holkas.yaml says about its deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from holkas.delivery.freeze import FreezeWindow
from holkas.delivery.triggers import TriggerRule
from holkas.model.environment import Environment
from holkas.records import dataclass


class RollbackRule(StrEnum):
    """What happens to an environment in which a deployment or its checks failed."""

    MANUAL = "manual"
    AUTOMATIC = "automatic"


class Concurrency(StrEnum):
    """What a newer delivery means to the older ones that are still on their way.

    SUPERSEDE: it takes their place where it arrives and they wait, and ends those that are not built yet.
    QUEUE: it goes into no environment before they have left it behind.
    """

    SUPERSEDE = "supersede"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineUse:
    """A pipeline that is run: of a ``file`` of the sources, or a ``job`` that the build server knows.

    params: values may hold variables (:mod:`holkas.delivery.variables`). workspace: the pipeline's workspace that holds
    the sources. timeout: seconds, 0 for the pipeline's own.
    """

    name: str = ""
    file: str = ""
    job: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    workspace: str = "source"
    timeout: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactRule:
    """What is delivered: a file or directory of the sources (``path``), or what the pipeline published itself, whose
    digest is its ``result``. version: may hold variables. sbom: path of an SBOM that the pipeline made, or empty."""

    name: str
    path: str = ""
    result: str = ""
    version: str = "$(revision.short)"
    sbom: str = ""
    media_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationRule:
    """What differs in an environment. files: path in the release → path in the sources. values: may hold variables.

    secrets: name → ``path#key`` in the secret store.
    """

    files: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRule:
    """The configuration repository from which somebody else pulls: ``path`` in it on ``branch``."""

    repository: str
    branch: str = "main"
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """An environment and everything that a delivery must know of it.

    agent: name of the automation agent, empty for the project's. soak: seconds that a release must have been good in
    the environment before. pull: set where the agent is not called but a configuration repository is written.
    """

    environment: Environment
    agent: str = ""
    configuration: ConfigurationRule = field(default_factory=ConfigurationRule)
    before: tuple[PipelineUse, ...] = ()
    after: tuple[PipelineUse, ...] = ()
    freeze: tuple[FreezeWindow, ...] = ()
    soak: float = 0.0
    rollback: RollbackRule = RollbackRule.MANUAL
    pull: PullRule | None = None

    @property
    def name(self) -> str:
        """The environment's name."""
        return self.environment.name


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningRule:
    """key: ``path#key`` of the private key in the secret store, empty for none. required: unsigned artifacts are not
    deployed. trusted: public keys, PEM."""

    key: str = ""
    required: bool = False
    trusted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackRule:
    """Who is told what, and how. tell: kinds of notices. to: ``authors``, ``owners``, ``requester``, or addresses.

    environments: empty for all, the build included.
    """

    notifier: str
    tell: frozenset[str] = frozenset({"failure", "recovery"})
    to: tuple[str, ...] = ("authors", "owners")
    environments: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationRule:
    """A named pipeline, or an operation of the agent where there is none, run in environments by a cron schedule."""

    name: str
    environments: tuple[str, ...] = ()
    pipeline: PipelineUse | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    schedule: str = ""
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectDefinition:
    """A project: where its sources are, how they become artifacts, and through which environments these go."""

    name: str
    repository: str
    branch: str = ""
    pipeline: PipelineUse | None = None
    artifacts: tuple[ArtifactRule, ...] = ()
    stages: tuple[Stage, ...] = ()
    concurrency: Concurrency = Concurrency.SUPERSEDE
    signing: SigningRule = field(default_factory=SigningRule)
    feedback: tuple[FeedbackRule, ...] = ()
    triggers: TriggerRule = field(default_factory=TriggerRule)
    operations: tuple[OperationRule, ...] = ()

    def stage(self, name: str) -> Stage | None:
        """The stage of that name."""
        return next((stage for stage in self.stages if stage.name == name), None)

    def index(self, name: str) -> int:
        """The place of an environment in the order, -1 for an unknown one."""
        return next((number for number, stage in enumerate(self.stages) if stage.name == name), -1)
