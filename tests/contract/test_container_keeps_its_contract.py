"""The executor ``container`` keeps the contract of executors, and differs from others where an image makes it differ."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar

import pytest
from holkas.extensions.executor import Command, ExecutorError, Place, Session
from holkas.testing.contracts.executor import ExecutorContract, Shell
from holkas_builtin.executors.container.executor import ContainerExecutor

from tests.container_images import need_containers, plain_image

pytestmark = pytest.mark.containers


class TestPodman(ExecutorContract):
    engine: ClassVar[str] = "podman"

    @pytest.fixture
    def executor(self, tmp_path: Path) -> ContainerExecutor:
        need_containers(self.engine)
        # Without a network of its own a container starts in half the time; the tests of networks have one.
        options = {"engine": self.engine, "network": "none", "replace": {"*": plain_image(self.engine)}}
        return ContainerExecutor(options, tmp_path / "state")

    def test_the_environment_is_the_steps_own(self, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOLKAS_SECRET_OF_THE_HOST", "must not be seen")
        monkeypatch.setenv("HTTP_PROXY", "http://user:secret@proxy")
        given = {"GREETING": "a b=c\n'", "EMPTY": ""}
        output = shell("env -0", env=given)[1]
        found = dict(one.split("=", 1) for one in output.rstrip("\0").split("\0"))
        assert given.items() <= found.items()
        assert found["PATH"]
        assert found["HOME"] == "/root"
        of_engines = {"HOSTNAME", "TERM", "container"}
        assert set(found) <= {*given, *of_engines, "PATH", "HOME", "PWD", "OLDPWD", "SHLVL", "_"}

    def test_a_missing_working_directory_is_made(self, shell: Shell, place: Place) -> None:
        assert shell("touch here", cwd="/workspace/not/yet")[0] == 0
        assert (place.directory / "workspace" / "not" / "yet" / "here").exists()
        name = f"/holkas-{uuid.uuid4().hex}"
        code, output = shell("touch here && ls", cwd=f"{name}/below")
        assert (code, output.endswith("here\n")) == (0, True)
        assert not Path(name).exists()

    def test_an_interpreter_may_be_elsewhere(self, session: Session, place: Place) -> None:
        """Not with images: what is not in them is not there."""
        script = place.directory / "tekton" / "script"
        script.write_text("#!/opt/image/bin/sh -e\necho started $1\n")
        script.chmod(0o755)
        with pytest.raises(ExecutorError, match='its interpreter "/opt/image/bin/sh" is not in the image'):
            self.run(session, Command(argv=("/tekton/script", "x")))

    @pytest.mark.parametrize("path", ["/etc", "/"])
    def test_the_hosts_files_cannot_be_written(self, shell: Shell, path: str) -> None:
        """A step writes to its own copy of the image."""
        name = f"holkas-{uuid.uuid4().hex}"
        assert shell(f"echo mine > {path}/{name}")[0] == 0
        assert not Path(path, name).exists()
        assert shell(f"cat {path}/{name}")[0] != 0

    def test_the_users_own_files_are_hidden(self, shell: Shell) -> None:
        assert shell("ls -A /root /home/somebody | grep -v ':$' | grep .")[0] == 1

    def test_the_machine_cannot_be_changed(self, shell: Shell) -> None:
        assert shell("cat /proc/sys/kernel/panic > /proc/sys/kernel/panic")[0] != 0
        assert shell("mount -t tmpfs none /tmp || umount /proc || mount -o remount,rw /sys")[0] != 0

    def test_many_start_at_once(self, executor: ContainerExecutor, tmp_path: Path) -> None:
        def one(number: int) -> tuple[int | None, str]:
            session = executor.open(Place(directory=tmp_path / str(number)))
            outcome = self.run(session, Command(argv=("/bin/sh", "-c", f"echo {number}; exit {number}")))
            session.close()
            return outcome

        with ThreadPoolExecutor(4) as pool:
            outcomes = list(pool.map(one, range(8)))
        assert outcomes == [(number, f"{number}\n") for number in range(8)]
        executor.close()

    def test_many_run_at_once(self, session: Session) -> None:
        processes = [self.background(session, "sleep 60") for _ in range(6)]
        assert [process.wait(0) for process in processes] == [None] * 6
        session.close()
        assert [process.wait(0) for process in processes] == [128 + 9] * 6


class TestDocker(TestPodman):
    """The same by docker's command line, where its daemon can be reached."""

    engine = "docker"
