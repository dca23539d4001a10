"""Executors: how programs are found and started, many at once too."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from holkas.extensions.executor import Command, Executor, ExecutorError, Place, Session
from holkas.testing.contracts.executing.world import ExecutorWorld, Outcome


class StartingContract(ExecutorWorld):
    """What can be started is started, what cannot is told in a sentence."""

    def test_paths_of_the_world_are_found(self, session: Session, place: Place) -> None:
        script = place.directory / "tekton" / "script"
        script.write_text(session.rewrite('#!/bin/sh\necho "$@" > /tekton/out; cat /tekton/out\n'))
        script.chmod(0o755)
        assert self.run(session, Command(argv=(session.path("/tekton/script"), "a", "b c"))) == (0, "a b c\n")
        assert (place.directory / "tekton" / "out").read_text() == "a b c\n"

    def test_an_interpreter_may_be_elsewhere(self, session: Session, place: Place) -> None:
        script = place.directory / "tekton" / "script"
        script.write_text("#!/opt/image/bin/sh -e\necho started $1\n")
        script.chmod(0o755)
        assert self.run(session, Command(argv=(session.path("/tekton/script"), "x"))) == (0, "started x\n")

    @pytest.mark.parametrize(
        ("content", "mode", "why"),
        [
            (None, 0o755, "no such program"),
            ("#!/no/such/interpreter\n", 0o755, "/no/such/interpreter"),
            ("#!/bin/sh\n", 0o644, "permission denied"),
            ("\n#!/bin/sh\necho no\n", 0o755, "format error"),
        ],
    )
    def test_what_cannot_start_is_told(
        self, session: Session, place: Place, content: str | None, mode: int, why: str
    ) -> None:
        if content is not None:
            script = place.directory / "tekton" / "script"
            script.write_text(content)
            script.chmod(mode)
        command = Command(image="contract/image", argv=("/tekton/script",))
        with pytest.raises(ExecutorError, match=why) as caught:
            self.run(session, command)
        assert "/tekton/script" in str(caught.value)
        assert "contract/image" in str(caught.value)
        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize("argv", [(), ("no-such-program-of-this-machine",), ("sh", "-c", "a\0b"), ("",)])
    def test_what_is_no_command_is_told(self, session: Session, argv: tuple[str, ...]) -> None:
        with pytest.raises(ExecutorError):
            self.run(session, Command(argv=argv))
        assert self.run(session, Command(argv=("true",)))[0] == 0

    def test_many_start_at_once(self, executor: Executor, tmp_path: Path) -> None:
        before = len(list(Path("/dev/fd").iterdir()))

        def one(number: int) -> Outcome:
            directory = tmp_path / str(number)
            session = executor.open(Place(directory=directory))
            outcome = self.run(session, Command(argv=("/bin/sh", "-c", f"echo {number}; exit {number % 50}")))
            session.close()
            return outcome

        executor.check()
        with ThreadPoolExecutor(8) as pool:
            outcomes = list(pool.map(one, range(200)))
        assert outcomes == [(number % 50, f"{number}\n") for number in range(200)]
        executor.close()
        assert len(list(Path("/dev/fd").iterdir())) <= before

    def test_many_run_at_once(self, session: Session) -> None:
        processes = [self.background(session, "sleep 60") for _ in range(40)]
        assert [process.wait(0) for process in processes] == [None] * 40
        session.close()
        assert [process.wait(0) for process in processes] == [128 + 9] * 40
