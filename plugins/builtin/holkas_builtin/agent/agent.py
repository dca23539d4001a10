"""The role: this machine as automation agent."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import ClassVar

from holkas.model.change import Change, ChangeKind, Outcome, Plan
from holkas.model.environment import Environment
from holkas.model.environment_state import EnvironmentState
from holkas.model.health import Health, HealthStatus
from holkas.model.release import Release
from holkas.plugins.provider import Context
from holkas.roles.automation_agent import AutomationAgent
from holkas.roles.errors import Conflict, Corrupt, NotFound, ToolError
from holkas.roles.faults import told

from .building import build, check_release
from .place import EnvironmentPlace
from .planning import changes_to, drift_of, present, service_drift
from .process import ReleaseProcess
from .record import FILE, Deployed, files_of, plain, read_record
from .service import Service
from .settings import expanded, settings_of

_OPERATION_TIMEOUT = 600.0
_OWN = frozenset({"restart", "stop"})
"""Operations that every environment has."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def _ignore(change: Change) -> None:
    """Nobody wants to hear of it."""


class LocalAgent(AutomationAgent):
    """Environments are directories of this machine; see :mod:`holkas_builtin.agent.place` for what is in them.

    A kill at any moment leaves the old release in place or the new one; what was half made has no name yet and is
    swept by the next ``apply``. The process of a release is kept running by a supervisor that outlives us.
    """

    name: ClassVar[str] = "local"
    capabilities: ClassVar[frozenset[str]] = frozenset(
        {"rollback", "drift", "provision", "backup", "operations"}
    )

    def __init__(self, context: Context) -> None:
        given = context.options.get("directory")
        self._project = context.project.absolute()
        self._directory = self._project / given if given else context.state.absolute() / "environments"
        self._keep = int(context.options.get("keep", 5))

    def plan(self, environment: Environment, release: Release) -> Plan:
        settings = settings_of(environment.settings)
        check_release(release)
        place = self._place(environment)
        with told(f"cannot look at {environment.name}"):
            status = Service(place.own).status()
            changes = changes_to(place, release, environment.settings, settings, status)
            return Plan(environment=environment, release=release, changes=changes, basis=_basis(place))

    def apply(self, plan: Plan, on_change: Callable[[Change], None] = _ignore) -> Outcome:
        environment, release = plan.environment, plan.release
        place = self._place(environment)
        with told(f"cannot deploy to {environment.name}"):
            self._claim(place, environment)
            with place.locked():
                changes = self.plan(environment, release).changes
                before = present(place)
                if plan.basis != _basis(place) and (before is None or before.id != release.id) and changes:
                    raise Conflict(f"{environment.name} has been changed since the plan was made")
                made: list[Change] = []
                if any(change.subject != "process" for change in changes):
                    place.sweep()
                    place.switch(build(place, release, plain(environment.settings)))
                    _tell((change for change in changes if change.subject != "process"), made, on_change)
                outcome = self._put_process(environment, place, changes, made, on_change)
                place.prune(self._keep)
                return outcome

    def check(self, environment: Environment) -> EnvironmentState:
        place = self._place(environment)
        with told(f"cannot look at {environment.name}"):
            number = place.current()
            deployed = present(place)
            if deployed is None:
                what = "its record cannot be read" if number else "nothing was ever applied"
                missing = Health(status=HealthStatus.MISSING, message=what)
                return EnvironmentState(environment=environment.name, health=missing)
            process = self._process(environment, place, number, deployed)
            kept: dict[str, None] = {}
            for one in reversed(place.history()[:-1]):
                if (record := _record(place, one)) is not None and record.id != deployed.id:
                    kept[record.id] = None
            return EnvironmentState(
                environment=environment.name,
                release=deployed.id,
                kept=tuple(kept),
                health=process.health(),
                addresses=(process.address,) if process.address else (),
            )

    def rollback(self, environment: Environment, release: str = "") -> Outcome:
        place = self._place(environment)
        with told(f"cannot roll back {environment.name}"):
            if not place.own.is_dir():
                raise NotFound(f"{environment.name} has kept no release")
            with place.locked():
                before = present(place)
                number = _kept(place, before, release)
                record = read_record(place.release(number))
                if files_of(place.release(number)) != record.files:
                    raise Corrupt(
                        f"release {record.id} was changed after it was deployed: it is not brought back"
                    )
                settings = settings_of(record.settings)
                made: list[Change] = []
                changed = number != place.current()
                if changed:
                    place.switch(number)
                    detail = f"{before.id if before else 'nothing'} → {record.id}"
                    _tell([Change(kind=ChangeKind.UPDATE, subject="release", detail=detail)], made, _ignore)
                changes = service_drift(settings, Service(place.own).status(), number)
                return self._put_process(environment, place, changes, made, _ignore)

    def drift(self, environment: Environment) -> tuple[Change, ...]:
        place = self._place(environment)
        with told(f"cannot look at {environment.name}"):
            number, before = place.current(), present(place)
            if before is None:
                if not place.history():
                    return ()
                detail = "the link to the release in place was changed, or its record"
                return (Change(kind=ChangeKind.UPDATE, subject="release", detail=detail),)
            settings = settings_of(before.settings)
            return (*drift_of(place, before), *service_drift(settings, Service(place.own).status(), number))

    def provision(self, environment: Environment) -> Outcome:
        place = self._place(environment)
        settings_of(environment.settings)
        with told(f"cannot make {environment.name}"):
            made = self._claim(place, environment)
            changes = tuple(Change(kind=ChangeKind.CREATE, subject=f"directory {name}") for name in made)
            return Outcome(succeeded=True, changes=changes)

    def backup(self, environment: Environment, directory: Path) -> Outcome:
        """Copy the data directory, and the record of the release whose data it is."""
        place = self._place(environment)
        with told(f"cannot back up {environment.name}"):
            if not place.data.is_dir():
                return Outcome(succeeded=False, message=f"{environment.name} has no data yet")
            shutil.copytree(place.data, directory / "data", symlinks=True)
            if number := place.current():
                shutil.copy(place.release(number) / FILE, directory / FILE)
            change = Change(kind=ChangeKind.CREATE, subject="backup", detail=str(directory))
            return Outcome(succeeded=True, changes=(change,), message=f"the data is in {directory}")

    def operate(
        self, environment: Environment, operation: str, params: Mapping[str, str] | None = None
    ) -> Outcome:
        """``restart``, ``stop`` (until the next deployment or ``restart``), or a command of the environment's settings,
        which finds a param as a variable: ``HOLKAS_PARAM_`` and its name in capitals."""
        place = self._place(environment)
        settings = settings_of(environment.settings)
        words = settings.operations.get(operation)
        if words is None and operation not in _OWN:
            known = ", ".join(sorted({*_OWN, *settings.operations}))
            raise NotFound(f"there is no operation {operation!r}", hint=f"there are: {known}")
        with told(f"cannot run {operation} in {environment.name}"):
            deployed = present(place)
            if deployed is None:
                raise ToolError(f"nothing is deployed to {environment.name}")
            process = self._process(environment, place, place.current(), deployed)
            if words is not None:
                return _run(process, place, [expanded(one, deployed.values) for one in words], params or {})
            with place.locked():
                if operation == "stop":
                    process.service.stop(settings.stop_timeout)
                    return Outcome(succeeded=True, message="nothing of it runs")
                change = Change(kind=ChangeKind.RESTART, subject="process")
                return self._put_process(environment, place, [change], [], _ignore)

    def _put_process(
        self,
        environment: Environment,
        place: EnvironmentPlace,
        changes: list[Change] | tuple[Change, ...],
        made: list[Change],
        on_change: Callable[[Change], None],
    ) -> Outcome:
        """Bring the process into the state of the release in place, if the changes say so; it has to be well then."""
        wanted = [change for change in changes if change.subject == "process"]
        fault, deployed = "", present(place)
        if deployed is not None:
            process = self._process(environment, place, place.current(), deployed)
            fault = process.restart() if wanted else process.settled()
            _tell(wanted, made, on_change)
        return Outcome(succeeded=not fault, changes=tuple(made), message=fault)

    def _process(
        self, environment: Environment, place: EnvironmentPlace, number: int, deployed: Deployed
    ) -> ReleaseProcess:
        settings = settings_of(deployed.settings)
        return ReleaseProcess(environment.name, place, number, deployed, settings)

    def _place(self, environment: Environment) -> EnvironmentPlace:
        if environment.destination:
            if "\0" in environment.destination:
                raise ToolError(f"the destination of {environment.name} is no path")
            return EnvironmentPlace(self._project / Path(environment.destination).expanduser())
        if not _NAME.fullmatch(environment.name):
            raise ToolError(f"{environment.name!r} cannot name a directory", hint="set its destination")
        return EnvironmentPlace(self._directory / environment.name)

    def _claim(self, place: EnvironmentPlace, environment: Environment) -> list[str]:
        """Make the directories; refuse one that is somebody else's."""
        mark = place.own / "environment"
        if not place.own.is_dir():
            for path in (place.releases, place.link):
                if os.path.lexists(path):
                    raise ToolError(
                        f"{path} is there already and was not made by holkas",
                        hint="give the environment a directory of its own",
                    )
        made = place.make()
        try:
            with mark.open("x", encoding="utf-8") as file:
                file.write(environment.name)
        except FileExistsError:
            owner = mark.read_text(encoding="utf-8")
            if owner not in ("", environment.name):
                raise Conflict(f"{place.directory} is the directory of environment {owner}") from None
        return made


def _basis(place: EnvironmentPlace) -> str:
    before = present(place)
    return f"{place.current()} {before.id if before else ''}"


def _tell(changes: Iterable[Change], made: list[Change], on_change: Callable[[Change], None]) -> None:
    for change in changes:
        made.append(change)
        on_change(change)


def _record(place: EnvironmentPlace, number: int) -> Deployed | None:
    try:
        return read_record(place.release(number))
    except Corrupt:
        return None


def _kept(place: EnvironmentPlace, before: Deployed | None, release: str) -> int:
    """Number of the release that is wanted back. Raises NotFound."""
    if before is not None and before.id == release:
        return place.current()
    for number in reversed(place.history()):
        record = _record(place, number)
        if record is None or number == place.current():
            continue
        if record.id == release or (not release and (before is None or record.id != before.id)):
            return number
    raise NotFound(f"{place.directory} has kept no release {release or 'before the present one'}")


def _run(
    process: ReleaseProcess, place: EnvironmentPlace, words: list[str], params: Mapping[str, str]
) -> Outcome:
    extra = {f"HOLKAS_PARAM_{name.upper().replace('-', '_')}": value for name, value in params.items()}
    try:
        done = subprocess.run(
            words,
            cwd=place.release(place.current()),
            env=process.full_environment() | extra,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_OPERATION_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Outcome(succeeded=False, message=f"{words[0]} does not end in {_OPERATION_TIMEOUT:g} s")
    text = process.masker().mask(done.stdout)[-2000:].decode("utf-8", "replace").strip()
    ended = "" if done.returncode == 0 else f"exit code {done.returncode}: "
    return Outcome(succeeded=done.returncode == 0, message=f"{ended}{text}")
