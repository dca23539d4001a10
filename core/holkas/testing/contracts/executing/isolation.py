"""Executors: the host stays as it is."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

import pytest

from holkas.extensions.executor import Place, Session
from holkas.testing.contracts.executing.world import ExecutorWorld, Shell


class IsolationContract(ExecutorWorld):
    """A step changes and sees nothing of the machine, where the executor isolates."""

    @pytest.mark.parametrize("path", ["/etc", "/usr", "/", "/var", "/bin"])
    def test_the_hosts_files_cannot_be_written(self, shell: Shell, path: str) -> None:
        if not self.isolated:
            pytest.skip("there is no isolation")
        name = f"holkas-{uuid.uuid4().hex}"
        try:
            assert shell(f"echo harm > {path}/{name}")[0] != 0
            assert not Path(path, name).exists()
        finally:
            Path(path, name).unlink(missing_ok=True)

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
