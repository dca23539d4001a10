"""Executors: steps and what they leave behind end."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from holkas.extensions.executor import Executor, Place, Session
from holkas.testing.contracts.executing.world import ExecutorWorld, Shell


class EndingContract(ExecutorWorld):
    """Nothing outlives its world, whether it consents or not."""

    @pytest.mark.parametrize(
        "leave",
        [
            "sleep {token} &",
            "(sleep {token} &)",
            "setsid sleep {token} &",
            "setsid sh -c 'setsid sleep {token} & setsid sh -c \"(sleep {token} &) &\" &' &",
            "sh -c 'trap \"\" TERM HUP INT; sleep {token}; sleep {token}' &",
        ],
    )
    def test_what_a_step_leaves_behind_dies_with_its_world(
        self, executor: Executor, place: Place, leave: str
    ) -> None:
        token = str(100_000 + uuid.uuid4().int % 900_000)
        session = executor.open(place)
        script = f"({leave.format(token=token)}) >/dev/null 2>&1 </dev/null; sleep 0.05"
        process = self.background(session, script)
        assert process.wait(self.patience) == 0
        session.close()
        self.until(lambda: not self.running(token))
        executor.close()

    def test_a_running_step_ends_with_its_world(self, executor: Executor, place: Place) -> None:
        token = str(100_000 + uuid.uuid4().int % 900_000)
        session = executor.open(place)
        self.background(session, f"sleep {token}; sleep {token}")
        self.until(lambda: self.running(token))
        session.close()
        self.until(lambda: not self.running(token))
        session.close()
        executor.close()

    def test_closing_the_executor_ends_everything(self, executor: Executor, place: Place) -> None:
        token = str(100_000 + uuid.uuid4().int % 900_000)
        session = executor.open(place)
        for _ in range(3):
            self.background(session, f"setsid sleep {token} & sleep {token}")
        self.until(lambda: len(self.running(token)) == 6)
        executor.close()
        self.until(lambda: not self.running(token))

    def test_termination_is_asked_for_first(self, session: Session, place: Place) -> None:
        script = (
            "trap 'echo bye > /workspace/bye; exit 3' TERM; touch /workspace/up; while :; do sleep 0.01; done"
        )
        process = self.background(session, script)
        self.until((place.directory / "workspace" / "up").exists)
        process.terminate(self.patience)
        assert process.wait(0) == 3
        assert (place.directory / "workspace" / "bye").read_text() == "bye\n"

    def test_termination_does_not_depend_on_consent(self, session: Session, place: Place) -> None:
        token = str(100_000 + uuid.uuid4().int % 900_000)
        script = f"trap '' TERM; touch /workspace/up; setsid sleep {token} & while :; do sleep 0.01; done"
        process = self.background(session, script)
        self.until(lambda: (place.directory / "workspace" / "up").exists() and self.running(token))
        process.terminate(0.05)
        assert process.wait(0) == 128 + 9
        self.until(lambda: not self.running(token))
        process.terminate(0.05)

    def test_termination_comes_from_any_thread(self, session: Session) -> None:
        process = self.background(session, "sleep 60; sleep 60")
        with ThreadPoolExecutor(4) as pool:
            waiting = pool.submit(process.wait, self.patience)
            for ending in [pool.submit(process.terminate) for _ in range(3)]:
                ending.result(self.patience)
            assert waiting.result(self.patience) == 128 + 9

    def test_one_step_ends_alone(self, session: Session, shell: Shell) -> None:
        sidecar = self.background(session, "sleep 60")
        assert shell("echo done") == (0, "done\n")
        self.background(session, "sleep 60").terminate()
        assert sidecar.wait(0) is None
