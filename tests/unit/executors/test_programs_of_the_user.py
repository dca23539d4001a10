"""Programs that only the user's own PATH leads to are found in the sandbox too."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from holkas.extensions.executor import Command, ExecutorError, Place
from holkas_builtin.executors import tools
from holkas_builtin.executors.environment import IMAGE_PATH, search_path
from holkas_builtin.executors.sandbox import SandboxExecutor


def test_directories_of_the_user_come_last_and_hidden_ones_not_at_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "/opt/tool/bin:/home/me/bin:relative::/usr/bin:/homely/bin:/opt/tool/bin")
    assert search_path(("/home", "/root")) == f"{IMAGE_PATH}:/opt/tool/bin:/homely/bin"
    monkeypatch.delenv("PATH")
    assert search_path(()).startswith(IMAGE_PATH)


@pytest.fixture
def own_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    program = tmp_path / "real" / "holkas-test-tool"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\necho "own $1"\n')
    program.chmod(0o755)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "holkas-test-tool").symlink_to(program)
    (program.parent / "private").write_text("x")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    return program


def test_a_program_by_its_name(own_program: Path) -> None:
    assert tools.of_the_user("holkas-test-tool") == str(own_program)
    assert tools.of_the_user("holkas-no-such-tool") == ""
    assert tools.of_the_user(str(own_program)) == ""


def test_a_step_starts_it_by_its_name_and_sees_nothing_else_of_its_directory(
    own_program: Path, tmp_path: Path
) -> None:
    executor = SandboxExecutor()
    if executor.check():
        pytest.skip(executor.check())
    try:
        session = executor.open(Place(directory=tmp_path / "place"))
        for argv, code in (
            (("holkas-test-tool", "x"), 0),
            (("test", "-e", str(own_program)), 1),
            (("test", "-e", "/run/holkas/private"), 1),
        ):
            with (tmp_path / "out").open("wb") as out:
                process = session.start(Command(argv=argv), stdout=out.fileno(), stderr=out.fileno())
                assert process.wait(10) == code
            if code == 0:
                assert (tmp_path / "out").read_text() == "own x\n"
        with pytest.raises(ExecutorError, match="holkas-no-such-tool"):
            session.start(Command(argv=("holkas-no-such-tool",)), stdout=1, stderr=2)
    finally:
        executor.close()
