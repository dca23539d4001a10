"""What a launcher tells of a process is heard by whoever waits for it, whichever thread reads it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from holkas.extensions.executor import Command
from holkas_builtin.executors.group_process import GroupProcess
from holkas_builtin.executors.launcher_client import Launched


class Told:
    """A launcher that answers at once, on the pipe of the only process."""

    def __init__(self) -> None:
        reader, self._writer = os.pipe()
        self.launched = Eager(1, reader)

    def ask(self, launched: Launched, question: str) -> None:
        assert question == "pid"
        self.say("pid 4711")

    def say(self, line: str) -> None:
        os.write(self._writer, f"{line}\n".encode())

    def close(self) -> None:
        if self._writer >= 0:
            os.close(self._writer)
            self._writer = -1


class Eager(Launched):
    """Whoever looks for an answer finds that another thread was faster."""

    faster: GroupProcess | None = None

    def has_answer(self, timeout: float | None) -> bool:
        other, self.faster = self.faster, None
        if other is not None:
            with ThreadPoolExecutor(1) as pool:
                pool.submit(other.wait, 0).result(5)
        return super().has_answer(timeout)


@pytest.fixture
def launcher() -> Iterator[Told]:
    told = Told()
    yield told
    told.close()


def process_of(launcher: Any) -> GroupProcess:
    return GroupProcess(launcher, launcher.launched, Command(image="busybox", argv=("true",)))


def test_an_answer_that_another_thread_has_read_is_not_waited_for(launcher: Told) -> None:
    process = process_of(launcher)
    launcher.launched.faster = process
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(lambda: process.pid)
        try:
            assert asked.result(10) == 4711
        finally:
            launcher.say("exit 0 4711 0")  # whoever still waits is let go
    assert process.wait(5) == 0
    process.close()


def test_the_end_is_an_answer_too(launcher: Told) -> None:
    process = process_of(launcher)
    launcher.say("exit 3 4711 1")
    assert process.wait(5) == 3
    assert process.pid == 4711
    assert process.left_strangers
    process.close()


def test_a_launcher_that_is_gone_has_killed_everything(launcher: Told) -> None:
    process = process_of(launcher)
    launcher.close()
    assert process.wait(5) == 128 + 9
    process.close()
