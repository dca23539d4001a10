"""Executors: environment, directories and descriptors of a step."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

import pytest

from holkas.extensions.executor import Place
from holkas.testing.contracts.executing.world import ExecutorWorld, Shell


class SurroundingsContract(ExecutorWorld):
    """A step sees what it was given, and nothing of ours."""

    def test_the_environment_is_the_steps_own(self, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOLKAS_SECRET_OF_THE_HOST", "must not be seen")
        given = {"GREETING": "a b=c\n'", "EMPTY": ""}
        code, output = shell("env -0", env=given)
        found = dict(one.split("=", 1) for one in output.rstrip("\0").split("\0"))
        assert code == 0
        assert given.items() <= found.items()
        assert found["PATH"]
        assert found["HOME"]
        basics = {"PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "LC_CTYPE", "TZ"}
        # The shell itself adds these three.
        assert set(found) <= {*given, *basics, "PWD", "OLDPWD", "SHLVL", "_"}

    def test_the_steps_variables_win(self, shell: Shell) -> None:
        path = "/usr/bin:/bin"
        assert shell('echo "$PATH $HOME"', env={"PATH": path, "HOME": "/nowhere"})[1] == f"{path} /nowhere\n"

    def test_home_and_tmp_are_the_attempts_own(self, shell: Shell, place: Place) -> None:
        assert shell('cd && touch in-home && touch "${TMPDIR:-/tmp}/in-tmp" && touch /tmp/literal')[0] == 0
        assert (place.directory / "home" / "in-home").exists()
        assert sorted(path.name for path in (place.directory / "tmp").iterdir()) == ["in-tmp", "literal"]

    def test_the_working_directory_is_as_asked(self, shell: Shell, place: Place) -> None:
        (place.directory / "workspace" / "src").mkdir()
        assert shell("touch here", cwd="/workspace/src")[0] == 0
        assert (place.directory / "workspace" / "src" / "here").exists()

    def test_a_missing_working_directory_is_made(self, shell: Shell, place: Place) -> None:
        assert shell("touch here", cwd="/workspace/not/yet")[0] == 0
        assert (place.directory / "workspace" / "not" / "yet" / "here").exists()
        name = f"/holkas-{uuid.uuid4().hex}"
        assert shell("touch here && ls", cwd=f"{name}/below") == (0, "here\n")
        assert not Path(name).exists()

    def test_files_are_made_with_the_usual_mask(self, shell: Shell, place: Place) -> None:
        before = os.umask(0o077)
        try:
            assert shell("umask; touch /workspace/file")[1] == "0022\n"
        finally:
            os.umask(before)
        assert (place.directory / "workspace" / "file").stat().st_mode & 0o777 == 0o644

    def test_no_descriptor_is_inherited(self, shell: Shell, tmp_path: Path) -> None:
        with (tmp_path / "held").open("wb") as held:
            os.set_inheritable(held.fileno(), True)
            # ls itself opens one more, for the directory that it lists.
            assert shell("ls /dev/fd | wc -l")[1].split() == ["4"]
