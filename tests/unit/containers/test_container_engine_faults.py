"""Engines that are missing, broken, slow, or refuse: programs of the test stand in for them."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from holkas.extensions.executor import Command, ExecutorError, Place
from holkas_builtin.executors.container import executor as module
from holkas_builtin.executors.container.engine import Engine, EngineError
from holkas_builtin.executors.container.executor import ContainerExecutor
from holkas_builtin.executors.container.image_store import ImageStore
from holkas_builtin.executors.container.leftovers import Owner
from holkas_builtin.executors.container.network import Networks
from holkas_builtin.executors.container.options import Options

IMAGE = '[{"Id": "' + "ab" * 32 + '", "Config": {"Entrypoint": ["app"], "Cmd": ["-x"]}}]'


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory that is all of PATH but for what a shell needs."""
    directory = tmp_path / "bin"
    directory.mkdir()
    for name in ("cat", "sleep", "rm", "sh"):
        (directory / name).symlink_to(
            next(path for path in (Path("/bin", name), Path("/usr/bin", name)) if path.exists())
        )
    monkeypatch.setenv("PATH", str(directory))
    return directory


def program(directory: Path, name: str, script: str) -> Engine:
    """A shell script as an engine; every call is written to ``calls``."""
    file = directory / name
    file.write_text(f'#!/bin/sh\necho "$*" >> {directory}/calls\n{script}\n')
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return Engine(name, str(file))


def calls(directory: Path) -> list[str]:
    return (directory / "calls").read_text().splitlines()


def test_no_engine(programs: Path, tmp_path: Path) -> None:
    executor = ContainerExecutor({}, tmp_path)
    assert executor.check() == executor.lacks(["a"]) == "podman and docker are not installed"
    with pytest.raises(ExecutorError, match="there is no container engine"):
        executor.open(Place(directory=tmp_path))
    with pytest.raises(ExecutorError, match="there is no container engine"):
        executor.entrypoint("a")
    executor.close()
    assert ContainerExecutor({"engine": "docker"}, tmp_path).check() == "docker is not installed"


def test_the_second_engine_is_taken_where_the_first_does_not_work(programs: Path, tmp_path: Path) -> None:
    program(programs, "podman", "echo Error: no storage >&2; exit 125")
    executor = ContainerExecutor({}, tmp_path)
    assert executor.check() == "podman: no storage"
    program(programs, "docker", "echo 20")
    executor = ContainerExecutor({}, tmp_path)
    assert (executor.check(), executor.note) == ("", "docker")


def test_a_slow_engine_is_not_waited_for(programs: Path) -> None:
    engine = program(programs, "podman", "exec sleep 60")
    with pytest.raises(EngineError, match="took longer than 0 s"):
        engine.call("ps", timeout=0.1)
    with pytest.raises(EngineError, match="cannot be called"):
        Engine("podman", str(programs / "gone")).call("ps")


def test_images_are_looked_up_once(programs: Path) -> None:
    engine = program(programs, "podman", f"cat <<'END'\n{IMAGE}\nEND")
    store = ImageStore(engine, Options(replace=(("mine/*", "other:1"),)))
    assert store.image("mine/x").entrypoint == ("app",)
    assert store.image("mine/y").reference == "other:1"
    assert calls(programs) == ["--log-level=error image inspect other:1"]


def test_images_are_fetched_as_the_policy_says(programs: Path, tmp_path: Path) -> None:
    script = (
        f'case "$*" in *pull*) : > {programs}/there;; '
        f'*) if [ -e {programs}/there ]; then cat <<"END"\n{IMAGE}\nEND\n'
        'else echo "Error: inspecting object: a: image not known" >&2; exit 125; fi;; esac'
    )
    engine = program(programs, "podman", script)
    store = ImageStore(engine, Options(pull="never"))
    with pytest.raises(ExecutorError, match="--pull missing fetches it"):
        store.image("a")
    assert store.missing(["a"]) == 'podman does not have the image "a"'
    assert store.missing(["--help"]) == "'--help' is not the name of an image"
    store = ImageStore(engine, Options(pull="missing"))
    login = tmp_path / "config.json"
    assert store.image("a", login).command == ("-x",)
    assert f"--log-level=error pull --quiet --authfile={login} a" in calls(programs)
    assert store.missing(["a"]) == ""
    before = len(calls(programs))
    ImageStore(engine, Options(pull="always")).image("a")
    assert [line.split()[1] for line in calls(programs)[before:]] == ["pull", "image"]


def test_docker_gets_credentials_in_a_directory_of_its_own(programs: Path, tmp_path: Path) -> None:
    script = (
        f'case "$*" in pull*) cat "$DOCKER_CONFIG/config.json" > {programs}/there;; '
        f'*) [ -e {programs}/there ] || exit 1; cat <<"END"\n{IMAGE}\nEND\nesac'
    )
    login = tmp_path / "login.json"
    login.write_text("{}")
    ImageStore(program(programs, "docker", script), Options()).image("a", login)
    assert (programs / "there").read_text() == "{}"


def test_an_image_that_cannot_be_fetched_is_told(programs: Path) -> None:
    engine = program(programs, "docker", "echo 'Error response from daemon: denied' >&2; exit 1")
    with pytest.raises(ExecutorError, match='the image "a" cannot be fetched: denied'):
        ImageStore(engine, Options()).image("a")
    nonsense = program(programs, "podman", "echo '[{}]'")
    with pytest.raises(ExecutorError, match="says nothing useful"):
        ImageStore(nonsense, Options()).image("a")
    assert ImageStore(nonsense, Options()).missing(["a"]) != ""


def test_the_machines_network_is_taken_where_there_is_no_other(programs: Path) -> None:
    engine = program(programs, "docker", "")
    networks = Networks(engine, "auto")
    assert (networks.option(""), networks.option("c")) == ("", "--network=container:c")
    assert not networks.refused("no such program")
    assert networks.refused("netavark: iptables is missing")
    assert networks.option("c") == "--network=host"
    assert not Networks(engine, "task").refused("cni plugin failed")
    assert Networks(engine, "none").option("c") == "--network=none"


def test_rootless_podman_takes_the_machines_network(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert Networks(program(programs, "podman", ""), "auto").option("") == "--network=host"


def test_podman_elsewhere_gets_no_descriptors(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = program(programs, "podman", "")
    monkeypatch.delenv("CONTAINER_HOST", raising=False)
    monkeypatch.delenv("CONTAINER_CONNECTION", raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    assert engine.is_local
    monkeypatch.setenv("CONTAINER_HOST", "ssh://there")
    assert not engine.is_local
    assert Engine("podman", engine.program).limits == ()
    assert Engine("podman", engine.program).init == ()
    assert Engine("docker", engine.program).init == ("--init",)


def test_a_failed_removal_is_left_to_the_next_run(programs: Path, tmp_path: Path) -> None:
    engine = program(programs, "docker", 'case "$1" in rm) exit 1;; ps) echo abc;; esac')
    owner = Owner(engine, tmp_path / "containers")
    machinery = module.Machinery(engine, Options(), owner, ImageStore(engine, Options()))
    machinery.rubbish(machinery.new_name())
    machinery.close()
    assert (tmp_path / "containers" / f"{owner.id}.lock").exists()
    second = Owner(engine, tmp_path / "containers")
    second.sweep()
    assert (tmp_path / "containers" / f"{owner.id}.lock").exists()
    program(programs, "docker", 'case "$1" in ps) echo abc;; esac')
    second.sweep()
    assert not (tmp_path / "containers" / f"{owner.id}.lock").exists()
    assert calls(programs)[-1] == "rm --force abc"
    second.close()
    assert sorted(path.name for path in (tmp_path / "containers").iterdir()) == ["store-id"]


def test_a_damaged_store_gets_a_new_name(programs: Path, tmp_path: Path) -> None:
    root = tmp_path / "containers"
    root.mkdir()
    (root / "store-id").write_text("../../x")
    owner = Owner(program(programs, "docker", ""), root)
    assert (root / "store-id").read_text() in owner.labels[0]
    owner.close()


def test_many_are_removed_together(programs: Path, tmp_path: Path) -> None:
    engine = program(programs, "docker", "")
    owner = Owner(engine, tmp_path / "containers")
    machinery = module.Machinery(engine, Options(), owner, ImageStore(engine, Options()))
    for number in range(33):
        machinery.rubbish(str(number))
    machinery.close()
    assert [len(line.split()) for line in calls(programs) if line.startswith("rm")] == [34, 3]


def test_the_policy_is_one_of_three(tmp_path: Path) -> None:
    with pytest.raises(ExecutorError, match="always, missing, never"):
        ContainerExecutor({}, tmp_path).fetch_images("sometimes")


def test_what_docker_refuses_is_told_in_its_words(programs: Path, tmp_path: Path) -> None:
    script = (
        f'case "$1" in image) cat <<"END"\n{IMAGE}\nEND\n;; run) exit 125;; '
        'inspect) case "$2" in *StartedAt*) echo 0001-01-01;; *) echo "driver failed";; esac;; esac'
    )
    program(programs, "docker", script)
    executor = ContainerExecutor({"engine": "docker"}, tmp_path / "state")
    session = executor.open(Place(directory=tmp_path / "place"))
    with open(os.devnull, "wb") as sink, pytest.raises(ExecutorError, match="driver failed"):
        session.start(Command(image="a", argv=("x",)), stdout=sink.fileno(), stderr=sink.fileno())
    executor.close()


@pytest.mark.parametrize(
    ("uid", "user", "handed_over"), [(1000, 1000, True), (1000, 0, False), (0, 1000, False)]
)
def test_files_of_sub_ids_are_handed_over(
    uid: int, user: int, handed_over: bool, programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With rootless podman, and only where a container had another user than root."""
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    monkeypatch.delenv("CONTAINER_HOST", raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    script = (
        f'case "$2" in image) cat <<"END"\n{IMAGE}\nEND\n;; '
        'run) for word in "$@"; do case $word in --pidfile=*) echo 1 > "${word#*=}";; esac; done;; esac'
    )
    program(programs, "podman", script)
    executor = ContainerExecutor({"engine": "podman"}, tmp_path / "state")
    place = Place(directory=tmp_path / "place")
    session = executor.open(place)
    with open(os.devnull, "wb") as sink:
        process = session.start(
            Command(image="a", argv=("x",), user=user), stdout=sink.fileno(), stderr=sink.fileno()
        )
    assert process.wait(30) == 0
    session.close()
    executor.close()
    found = [line for line in calls(programs) if " unshare " in line]
    assert bool(found) is handed_over
    assert all(f" {place.directory}/tekton" in line for line in found)
