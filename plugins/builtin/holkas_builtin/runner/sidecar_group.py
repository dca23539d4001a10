"""All sidecars of one attempt."""

from __future__ import annotations

from collections.abc import Callable

from holkas.extensions.executor import Session
from holkas.model.record import StepRecord
from holkas.model.run import TaskRun
from holkas.model.run_event import RunEventKind
from holkas.model.step import Sidecar
from holkas.model.task import TaskSpec

from holkas_builtin.runner.cancellation import Cancellation
from holkas_builtin.runner.place import AttemptPlace, container_mounts
from holkas_builtin.runner.place_pool import SCRIPTS
from holkas_builtin.runner.pod import Pod
from holkas_builtin.runner.run_context import RunContext
from holkas_builtin.runner.scripts import script_text, write_script
from holkas_builtin.runner.sidecars import RunningSidecar, await_ready, start_sidecar
from holkas_builtin.runner.step_command import container_command
from holkas_builtin.runner.streams import LogFile

_GRACE = 2.0
"""Seconds that a sidecar has to end by itself."""


class SidecarGroup:
    """Starts them in order, each ready before the first step begins; stops them in reverse.

    failed: after :meth:`stop`, the sidecar that makes the task fail, if one does: Kubernetes calls a pod failed
    once all of its containers have ended by themselves and one of them badly (DidTaskRunFail in pkg/pod/status.go).
    """

    def __init__(
        self,
        session: Session,
        context: RunContext,
        spec: TaskSpec,
        made: AttemptPlace,
        run: TaskRun,
        pod: Pod,
        *,
        log_name: str,
        cancellation: Cancellation,
    ) -> None:
        self._session = session
        self._context = context
        self._spec = spec
        self._made = made
        self._run = run
        self._pod = pod
        self._log_name = log_name
        self._cancellation = cancellation
        self._running: list[RunningSidecar] = []
        self.failed: StepRecord | None = None

    def start(self, deadline: float) -> None:
        """Start all and wait until they are ready or the time is over. Raises SetupError and ExecutorError."""
        for index, sidecar in enumerate(self._spec.sidecars):
            self._start(index, sidecar, deadline)

    def _start(self, index: int, sidecar: Sidecar, deadline: float) -> None:
        name = sidecar.name or f"unnamed-{index}"
        private = not self._context.executor.has_images
        mounts = container_mounts(sidecar, self._spec, self._made, index=-1 - index, private=private)
        script_name = ""
        if sidecar.script:
            script_name = f"sidecar-script-{index}"
            text = self._session.rewrite(script_text(sidecar.script), mounts)
            write_script(self._made.directory, f"{SCRIPTS}/{script_name}", text)
        command = container_command(
            sidecar,
            self._context,
            self._run.settings,
            script_name=script_name,
            mounts=mounts,
            pod=self._pod,
            what=f"sidecars[{index}]",
        )
        directory, masker = self._context.directory, self._context.journal.masker
        relative = directory.log_name(self._log_name, f"sidecar-{name}")
        log_file = LogFile(directory.path, relative, masker, self._tell(name))
        running = start_sidecar(self._session, name, command, log_file, relative)
        self._running.append(running)
        probe = sidecar.readiness_probe
        cancellation = self._cancellation
        await_ready(self._session, running, command, probe, deadline=deadline, cancellation=cancellation)
        code = running.ended()
        if code:
            self._context.journal.tell(
                RunEventKind.NOTE,
                task=self._run.name,
                text=f'sidecars[{index}]: "{name}" has ended with exit code {code} before the first step',
                level="warning",
            )

    def pump(self) -> None:
        """Move their output on, while the steps run."""
        for sidecar in self._running:
            sidecar.pump()

    def stop(self) -> tuple[StepRecord, ...]:
        """End all of them."""
        codes = [sidecar.ended() for sidecar in self._running]
        records = tuple(sidecar.stop(_GRACE) for sidecar in reversed(self._running))[::-1]
        self._running.clear()
        if None not in codes:
            self.failed = next((record for record in records if record.exit_code), None)
        return records

    def _tell(self, name: str) -> Callable[[str], None]:
        def tell(text: str) -> None:
            self._context.journal.tell(
                RunEventKind.LOG, task=self._run.name, step=f"sidecar-{name}", text=text
            )

        return tell
