"""The contract of executors."""

from __future__ import annotations

import os
import select
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar

import pytest

from holkas.extensions.executor import Command, Executor, ExecutorError, Mount, Place, Process, Session

Outcome = tuple[int | None, str]
Shell = Callable[..., Outcome]


class ExecutorContract:
    """Override ``executor`` with one that works on the machine; what runs is ``/bin/sh``.

    isolated: whether the host's files are read-only and its users' hidden. sees_processes: whether this machine's
    /proc lists the processes of steps (a remote executor's steps are not there).
    """

    isolated: ClassVar[bool] = True
    sees_processes: ClassVar[bool] = True
    patience: ClassVar[float] = 30.0

    @pytest.fixture
    def executor(self) -> Any:
        """The executor under test; closed by the contract."""
        raise NotImplementedError(f"{type(self).__name__} has to override the fixture 'executor'")

    @pytest.fixture
    def place(self, tmp_path: Path) -> Place:
        """An attempt's private directory with nothing in it."""
        directory = tmp_path / "attempt"
        for name in ("tekton", "workspace", "home", "tmp"):
            (directory / name).mkdir(parents=True)
        return Place(
            directory=directory,
            mounts=(
                Mount(source=directory / "tekton", target="/tekton"),
                Mount(source=directory / "workspace", target="/workspace"),
                Mount(source=directory / "home", target="/root"),
                Mount(source=directory / "tmp", target="/tmp"),  # noqa: S108 - inside
            ),
        )

    @pytest.fixture
    def session(self, executor: Executor, place: Place) -> Iterator[Session]:
        """The world of one attempt; the executor is closed after it."""
        session = executor.open(place)
        yield session
        session.close()
        executor.close()

    @pytest.fixture
    def shell(self, session: Session) -> Shell:
        """Runs a script of ``sh`` to its end: exit code, and both outputs as one text."""

        def shell(script: str, *arguments: str, **rest: Any) -> Outcome:
            mounts = rest.get("mounts", ())
            argv = ("/bin/sh", "-c", session.rewrite(script, mounts), "sh", *arguments)
            return self.run(session, Command(argv=argv, **rest))

        return shell

    def run(self, session: Session, command: Command) -> Outcome:
        """Start a command and read its output to the end."""
        reader, writer = os.pipe()
        with os.fdopen(reader, "rb") as file:
            try:
                process = session.start(command, stdout=writer, stderr=writer)
            finally:
                os.close(writer)
            output = file.read()
        return process.wait(self.patience), output.decode()

    def background(self, session: Session, script: str, **rest: Any) -> Process:
        """Start a script whose output nobody reads."""
        with open(os.devnull, "wb") as sink:  # noqa: PTH123 - a descriptor is wanted
            argv = ("/bin/sh", "-c", session.rewrite(script))
            return session.start(Command(argv=argv, **rest), stdout=sink.fileno(), stderr=sink.fileno())

    def running(self, token: str) -> list[int]:
        """Processes of this machine whose command line holds a text."""
        if not self.sees_processes or not Path("/proc/self/cmdline").exists():
            pytest.skip("this machine's /proc does not list the processes of steps")
        found = []
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and token.encode() in (entry / "cmdline").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
            except OSError:
                continue
        return found

    def until(self, holds: Callable[[], object]) -> None:
        """Wait for something, at most for ``patience``."""
        deadline = time.monotonic() + self.patience
        while not holds():
            assert time.monotonic() < deadline, "it did not happen in time"
            time.sleep(0.01)

    # Exit codes and outputs

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

    # Waiting

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

    # Environment and directory

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

    # Starting

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

    # Mounts

    def test_a_mount_is_read_and_written(self, shell: Shell, tmp_path: Path) -> None:
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "in").write_text("given")
        name = f"/holkas-{uuid.uuid4().hex}"
        for target in (f"{name}/deep/data", "/workspace/sub", f"/etc{name}", f"/usr/share{name}/x"):
            mounts = (Mount(source=tmp_path / "data", target=target),)
            assert shell(f"cat {target}/in && echo new > {target}/out", mounts=mounts) == (0, "given"), target
            assert (tmp_path / "data" / "out").read_text() == "new\n"
        assert not Path(name).exists()
        assert not Path(f"/etc{name}").exists()

    def test_a_file_is_mounted(self, shell: Shell, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("content")
        mounts = (Mount(source=tmp_path / "file", target="/tekton/config/file", read_only=True),)
        assert shell("cat /tekton/config/file", mounts=mounts) == (0, "content")

    def test_a_read_only_mount_is_read_only(self, shell: Shell, tmp_path: Path) -> None:
        if not self.isolated:
            pytest.skip("without isolation nothing can be read-only")
        (tmp_path / "data").mkdir()
        mounts = (Mount(source=tmp_path / "data", target="/data", read_only=True),)
        assert shell("touch /data/file", mounts=mounts)[0] != 0
        assert list((tmp_path / "data").iterdir()) == []

    def test_a_steps_mount_hides_the_places(self, shell: Shell, place: Place, tmp_path: Path) -> None:
        (tmp_path / "own").mkdir()
        assert shell("touch /tmp/x", mounts=(Mount(source=tmp_path / "own", target="/tmp"),))[0] == 0  # noqa: S108
        assert (tmp_path / "own" / "x").exists()
        assert list((place.directory / "tmp").iterdir()) == []

    @pytest.mark.parametrize(
        "target",
        [
            "/",
            "relative",
            "/a/../../etc",
            "/proc",
            "/proc/self",
            "/sys/kernel",
            "/dev/null",
            "/x/../proc",
            "",
        ],
    )
    def test_hostile_mount_points_are_refused(self, session: Session, tmp_path: Path, target: str) -> None:
        mounts = (Mount(source=tmp_path, target=target),)
        with pytest.raises(ExecutorError, match="mount"):
            self.run(session, Command(argv=("true",), mounts=mounts))

    def test_a_link_out_of_a_volume_is_refused(self, session: Session, place: Place) -> None:
        (place.directory / "volume").mkdir()
        (place.directory / "volume" / "link").symlink_to("/etc")
        mounts = (Mount(source=place.directory / "volume" / "link", target="/data"),)
        with pytest.raises(ExecutorError, match="link"):
            self.run(session, Command(argv=("true",), mounts=mounts))

    def test_a_planted_link_leads_nowhere(self, session: Session, place: Place, tmp_path: Path) -> None:
        (tmp_path / "victim").mkdir()
        (place.directory / "workspace" / "link").symlink_to(tmp_path / "victim")
        mounts = (Mount(source=place.directory / "home", target="/workspace/link/made"),)
        try:
            self.run(session, Command(argv=("true",), mounts=mounts))
        except ExecutorError as error:
            assert "\n" not in str(error)
        assert list((tmp_path / "victim").iterdir()) == []

    # The host stays as it is

    @pytest.mark.parametrize("path", ["/etc", "/usr", "/", "/var", "/bin"])
    def test_the_hosts_files_cannot_be_written(self, shell: Shell, path: str) -> None:
        if not self.isolated:
            pytest.skip("there is no isolation")
        name = f"holkas-{uuid.uuid4().hex}"
        assert shell(f"echo harm > {path}/{name}")[0] != 0
        assert not Path(path, name).exists()

    def test_the_users_own_files_are_hidden(self, shell: Shell, place: Place) -> None:
        if not self.isolated:
            pytest.skip("there is no isolation")
        home = str(Path.home())
        assert shell(f"ls -A {home} /root /home /run | grep -v ':$' | grep .")[0] == 1
        assert shell("mkdir /root/.ssh && echo key > /root/.ssh/authorized_keys")[0] == 0
        assert (place.directory / "home" / ".ssh" / "authorized_keys").exists()

    def test_the_keys_of_root_are_the_attempts_own(self, shell: Shell, place: Place) -> None:
        assert shell("mkdir /root/.ssh; echo key >> /root/.ssh/authorized_keys")[0] == 0
        assert (place.directory / "home" / ".ssh" / "authorized_keys").read_text() == "key\n"

    def test_the_machine_cannot_be_changed(self, shell: Shell) -> None:
        if not self.isolated:
            pytest.skip("there is no isolation")
        assert shell("cat /proc/sys/kernel/panic > /proc/sys/kernel/panic")[0] != 0
        assert shell("mount -t tmpfs none /mnt || umount /proc || mount -o remount,rw /usr")[0] != 0
        assert shell("mknod /tmp/disk b 8 0")[0] != 0

    def test_other_processes_are_not_seen(self, session: Session, shell: Shell) -> None:
        if not self.isolated:
            pytest.skip("there is no isolation")
        process = self.background(session, "sleep 60")
        assert shell("cat /proc/[0-9]*/cmdline | tr '\\0' ' ' | grep -c 'sleep 60' | tail -1")[1].strip() in (
            "0",
            "1",
        )
        assert shell(f"kill -9 {os.getpid()} || kill -0 {os.getpid()}")[0] != 0
        assert process.wait(0) is None

    # Ends

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

    # Many

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
