"""The pulling side's live state: what the automation agent says of an environment, as a resource of the reconciler."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from holkas.delivery.definition import ProjectDefinition, Stage
from holkas.delivery.delivery_state import DeliveryState, artifact_of, revision_of
from holkas.delivery_engine.configuring import secrets_of
from holkas.delivery_engine.deploying import bring
from holkas.delivery_engine.job import Job, Refused
from holkas.delivery_engine.pulled_source import API_VERSION, KIND, name
from holkas.delivery_engine.toolbox import Toolbox
from holkas.delivery_engine.verifying import fetched
from holkas.extensions.target import Applied, ApplyOptions, Propagation, Target
from holkas.model.change import Outcome
from holkas.model.health import Health, HealthStatus
from holkas.model.release import Configuration, Release
from holkas.model.resource import Resource, ResourceKey
from holkas.model.revision import Revision
from holkas.roles.errors import AccessDenied, Retryable, ToolError, Unsupported
from holkas.state.durable import write_durably


class PulledTarget(Target):
    """One environment with its release. ``files``: digest → content, as the source fills it. ``failures``: environment →
    release and message, filled here where an apply failed for good, and emptied where it went well.

    What is applied goes the way of a pushed deployment: the artifact is resolved, its digest and, where that is
    wanted, its signature verified; then the agent plans and applies. So both end in the same state.
    """

    name: ClassVar[str] = "release"
    has_status = True

    def __init__(
        self,
        definition: ProjectDefinition,
        stage: Stage,
        tools: Toolbox,
        state: Path,
        files: Mapping[str, bytes],
        failures: MutableMapping[str, tuple[str, str]] | None = None,
    ) -> None:
        self._failures = {} if failures is None else failures
        self._definition, self._stage, self._tools = definition, stage, tools
        self._state, self._files = state, files
        self._key = ResourceKey(group="holkas", kind=KIND, name=name(definition, stage))
        self._applied = state / "pulled" / f"{quote(self._key.name, safe='')}.json"

    def namespaced(self, group: str, kind: str) -> bool | None:
        return False if (group, kind) == (self._key.group, KIND) else None

    def get(self, key: ResourceKey) -> Resource | None:
        if key != self._key:
            return None
        agent, environment = self._tools.agent(self._stage.agent), self._stage.environment
        found = agent.check(environment)
        if not found.release:
            return None
        drift = agent.drift(environment) if "drift" in agent.capabilities else ()
        return self._live(found.release + " (changed)" if drift else found.release, found.health)

    def list(self, labels: Mapping[str, str] | None = None) -> Iterator[Resource]:
        found = self.get(self._key)
        return iter(() if found is None else (found,))

    def apply(self, resource: Resource, options: ApplyOptions | None = None) -> Applied:
        if resource.key != self._key:
            raise ToolError(f"{resource.key} is no release of {self._stage.name}")
        if options is not None and options.dry_run:
            return Applied(live=resource, changed=True)
        spec = resource.manifest["spec"]
        self._failures.pop(self._stage.name, None)
        try:
            outcome = self._bring(spec)
        except (Retryable, AccessDenied):
            raise  # nobody who changed the project can help that
        except ToolError as error:
            self._failures[self._stage.name] = (spec["release"], str(error))
            raise
        self._applied.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(self._applied, json.dumps(resource.manifest).encode())
        return Applied(live=resource, changed=bool(outcome.changes), message="configured")

    def _bring(self, spec: Mapping[str, Any]) -> Outcome:
        """Bring in what is released. Raises ToolError where that does not end well."""
        revision = revision_of(spec["revision"]) if spec.get("revision") else Revision(repository="", id="")
        artifacts = tuple(artifact_of(one) for one in spec["artifacts"])
        job = self._job(revision)
        try:
            release = Release(
                id=spec["release"],
                artifacts=artifacts,
                configuration=Configuration(
                    values=dict(spec["values"]),
                    files={path: self._file(path, digest) for path, digest in spec["files"].items()},
                    secrets=secrets_of(job, spec["secrets"]),
                ),
                content={artifact.name: fetched(job, artifact) for artifact in artifacts},
                revision=revision,
            )
            outcome = bring(job, self._stage, release)
        except Refused as error:
            raise ToolError(f"refused: {error}") from error
        finally:
            job.place.remove()
        if not outcome.succeeded:
            raise ToolError(outcome.message)
        return outcome

    def delete(
        self, key: ResourceKey, *, propagation: Propagation = Propagation.FOREGROUND, dry_run: bool = False
    ) -> bool:
        raise Unsupported("an environment's release is replaced and never deleted")

    def _live(self, release: str, health: Health) -> Resource:
        """What was applied last, with the release that is really there and how well it is."""
        try:
            manifest: dict[str, Any] = json.loads(self._applied.read_bytes())
        except (FileNotFoundError, ValueError):
            manifest = {
                "apiVersion": API_VERSION,
                "kind": KIND,
                "metadata": {"name": self._key.name},
                "spec": {},
            }
        status = {"health": {"status": str(health.status), "message": health.message}}
        return Resource(
            manifest={**manifest, "spec": {**manifest["spec"], "release": release}, "status": status}
        )

    def _file(self, path: str, digest: str) -> bytes:
        try:
            return self._files[digest]
        except KeyError:
            raise ToolError(f"the file {path} of the release is no longer in the repository") from None

    def _job(self, revision: Revision) -> Job:
        return Job(
            self._definition,
            self._tools,
            _Standing(
                DeliveryState(project=f"{self._definition.name}.{self._stage.name}", revision=revision)
            ),  # type: ignore[arg-type]  # nothing is recorded through it: the reconciler records
            self._state / "pulled",
            sleep=time.sleep,
        )


class _Standing:
    """In place of a recorder, for what only looks at the state of a delivery."""

    def __init__(self, state: DeliveryState) -> None:
        self.state = state


def release_health(manifest: Mapping[str, Any]) -> Health | None:
    """The health that the agent told; None for any other resource."""
    if (manifest.get("apiVersion"), manifest.get("kind")) != (API_VERSION, KIND):
        return None
    told = (manifest.get("status") or {}).get("health") or {}
    return Health(status=HealthStatus(told.get("status", "Unknown")), message=told.get("message", ""))
