"""Executors: directories and files from outside."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from holkas.extensions.executor import Command, ExecutorError, Mount, Place, Session
from holkas.testing.contracts.executing.world import ExecutorWorld, Shell


class MountContract(ExecutorWorld):
    """Mounts are where they are asked for, and lead nowhere else."""

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
        assert shell("touch /tmp/x", mounts=(Mount(source=tmp_path / "own", target="/tmp"),))[0] == 0  # noqa: S108 - the step's
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
