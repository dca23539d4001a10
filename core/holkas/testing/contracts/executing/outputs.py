"""Executors: exit codes, outputs, waiting for the end."""

from __future__ import annotations

import os
import select
from pathlib import Path

import pytest

from holkas.extensions.executor import Command, Executor, Place, Session
from holkas.testing.contracts.executing.world import ExecutorWorld, Shell


class OutputContract(ExecutorWorld):
    """What a program says and how it ends arrives unchanged."""

    def test_it_works_here(self, executor: Executor) -> None:
        assert executor.check() == ""
        assert executor.check() == ""
        executor.close()

    @pytest.mark.parametrize("code", [0, 1, 7, 125, 126, 127, 255])
    def test_exit_codes_are_the_programs(self, shell: Shell, code: int) -> None:
        assert shell(f"exit {code}")[0] == code

    @pytest.mark.parametrize(
        ("name", "number"), [("TERM", 15), ("KILL", 9), ("SEGV", 11), ("PIPE", 13), ("INT", 2)]
    )
    def test_a_signal_counts_128_more(self, shell: Shell, name: str, number: int) -> None:
        assert shell(f"kill -{name} $$; sleep 60")[0] == 128 + number

    def test_arguments_arrive_unchanged(self, shell: Shell) -> None:
        given = ("", " a  b ", "$HOME", "*", "ü\n-", "'\"\\")
        assert shell('for one in "$@"; do printf "<%s>" "$one"; done', *given)[1] == "".join(
            f"<{one}>" for one in given
        )

    def test_both_outputs_have_their_own_descriptor(self, session: Session, tmp_path: Path) -> None:
        with (tmp_path / "out").open("wb") as out, (tmp_path / "err").open("wb") as err:
            command = Command(argv=("/bin/sh", "-c", "echo one; echo two >&2"))
            process = session.start(command, stdout=out.fileno(), stderr=err.fileno())
            assert process.wait(self.patience) == 0
            out.write(b"still open")
        assert (tmp_path / "out").read_bytes() == b"one\nstill open"
        assert (tmp_path / "err").read_bytes() == b"two\n"

    def test_output_comes_while_the_step_runs(self, session: Session, place: Place) -> None:
        reader, writer = os.pipe()
        script = session.rewrite("echo early; while [ ! -e /workspace/go ]; do sleep 0.01; done; echo late")
        process = session.start(Command(argv=("/bin/sh", "-c", script)), stdout=writer, stderr=writer)
        os.close(writer)
        with os.fdopen(reader, "rb") as file:
            assert file.readline() == b"early\n"
            assert process.wait(0) is None
            (place.directory / "workspace" / "go").touch()
            assert file.read() == b"late\n"
        assert process.wait(self.patience) == 0

    def test_a_large_output_is_whole(self, shell: Shell) -> None:
        assert len(shell("head -c 3000000 /dev/zero | tr '\\0' x")[1]) == 3_000_000

    def test_there_is_no_input(self, shell: Shell) -> None:
        assert shell("cat; echo end") == (0, "end\n")

    def test_waiting_has_a_limit(self, session: Session) -> None:
        process = self.background(session, "sleep 60")
        assert process.wait(0) is None
        assert process.wait(0.01) is None
        process.terminate()
        assert process.wait() == process.wait(0) == 128 + 9

    def test_the_descriptor_tells_the_end(self, session: Session, place: Place) -> None:
        process = self.background(session, "while [ ! -e /workspace/go ]; do sleep 0.01; done; exit 5")
        if process.fileno() < 0:
            pytest.skip("this system has no such descriptors")
        poll = select.poll()
        poll.register(process.fileno(), select.POLLIN)
        assert poll.poll(0) == []
        (place.directory / "workspace" / "go").touch()
        assert poll.poll(self.patience * 1000)
        assert process.wait(0) == 5
        assert process.fileno() >= 0
