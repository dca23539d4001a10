"""Scripts, private directories, working directories, copies of streams, leftovers of dead runs, preflight."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from holkas.extensions.executor import ExecutorError, Mount
from holkas.model.pipeline import PipelineSpec, PipelineTask
from holkas.model.reference import Reference
from holkas.model.step import Env, Sidecar, Step
from holkas.model.task import TaskSpec, Volume
from holkas.model.when import When
from holkas.state.lock import OwnerLock
from holkas.state.store import Store
from holkas_builtin.runner import private
from holkas_builtin.runner.errors import SetupError
from holkas_builtin.runner.local_run import default_jobs
from holkas_builtin.runner.preflight import refuse_pipeline, refuse_task
from holkas_builtin.runner.private import make_private
from holkas_builtin.runner.run_context import RunContext, secrets_root
from holkas_builtin.runner.scripts import script_text, write_script
from holkas_builtin.runner.step_directories import needs_tekton_files
from holkas_builtin.runner.stream_copies import mount_of, stream_copies
from holkas_builtin.runner.sweep import sweep
from holkas_builtin.runner.working_directory import make_working_directory, working_directory


@pytest.mark.parametrize(
    ("script", "text"),
    [
        ("echo x", "#!/bin/sh\nset -e\necho x"),
        ("#!/usr/bin/env python3\n", "#!/usr/bin/env python3\n"),
        ("\n#!/bin/sh\n", "\n#!/bin/sh\n"),
        ("  #!/bin/sh\n", "  #!/bin/sh\n"),
        ("", "#!/bin/sh\nset -e\n"),
    ],
)
def test_scripts_begin_as_tekton_makes_them(script: str, text: str) -> None:
    assert script_text(script) == text


def test_a_script_is_written_once_and_can_be_started(tmp_path: Path) -> None:
    write_script(tmp_path, "s", "#!/bin/sh\n\udcff")
    assert (tmp_path / "s").read_bytes() == b"#!/bin/sh\n\xff"
    assert (tmp_path / "s").stat().st_mode & 0o777 == 0o755
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for name in ("s", "link", "no/where"):
        with pytest.raises(SetupError, match="a script cannot be written"):
            write_script(tmp_path, name, "other")
    assert not (tmp_path / "elsewhere").exists()


def test_a_private_directory_is_made_for_us_alone(tmp_path: Path) -> None:
    make_private(tmp_path / "holkas" / "run")
    assert (tmp_path / "holkas").stat().st_mode & 0o777 == 0o700
    make_private(tmp_path / "holkas" / "run")


def test_somebody_elses_directory_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    (tmp_path / "link").symlink_to(tmp_path)
    for parent in ("open", "link"):
        with pytest.raises(PermissionError, match="own directory"):
            make_private(tmp_path / parent / "run")
    monkeypatch.setattr(private.os, "getuid", lambda: 4242)
    with pytest.raises(PermissionError):
        make_private(tmp_path / "mine" / "run")


def test_secrets_lie_in_memory_where_there_is_such_a_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = (secrets_root("run", tmp_path / name / "work" / "run") for name in ("a", "b"))
    assert one != other
    assert one.name == "run"
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert secrets_root("run", tmp_path / "work" / "run") == tmp_path / "work" / "run" / "secrets"


@pytest.mark.parametrize(
    ("given", "found"), [("", "/workspace"), ("a/b", "/workspace/a/b"), ("/opt", "/opt")]
)
def test_where_a_step_starts(given: str, found: str) -> None:
    assert working_directory(given) == found


@pytest.mark.parametrize(
    ("path", "made"),
    [
        ("/workspace/a/./b", "workspace/a/b"),
        ("/workspace/data/x", "data/x"),
        ("/workspace/ro/x", ""),
        ("/opt/x", ""),
        ("/workspace", ""),
        ("/workspace/link/x", ""),
        ("/workspace/file/x", ""),
    ],
)
def test_directories_are_made_only_under_the_workspace(tmp_path: Path, path: str, made: str) -> None:
    for name in ("workspace", "data", "ro", "outside"):
        (tmp_path / name).mkdir()
    (tmp_path / "workspace" / "link").symlink_to(tmp_path / "outside")
    (tmp_path / "workspace" / "file").write_text("x")
    before = {str(entry) for entry in tmp_path.rglob("*")}
    mounts = (
        Mount(source=tmp_path / "workspace", target="/workspace"),
        Mount(source=tmp_path / "data", target="/workspace/data/"),
        Mount(source=tmp_path / "ro", target="/workspace/ro", read_only=True),
    )
    make_working_directory(path, mounts)
    new = {str(entry) for entry in tmp_path.rglob("*")} - before
    assert (str(tmp_path / made) in new) is bool(made)
    assert bool(new) is bool(made)


def test_the_deepest_and_the_last_mount_counts(tmp_path: Path) -> None:
    mounts = [
        Mount(source=tmp_path / "a", target="/x"),
        Mount(source=tmp_path / "b", target="/x/y"),
        Mount(source=tmp_path / "c", target="/x"),
    ]
    assert mount_of("/x/y/z", mounts) is mounts[1]
    assert mount_of("/x/z", mounts) is mounts[2]
    assert mount_of("/xy", mounts) is None


def test_both_streams_in_one_file_share_a_descriptor(tmp_path: Path) -> None:
    mounts = [Mount(source=tmp_path, target="/data")]
    step = Step(stdout_path="/data/new/f", stderr_path="/data/new/f")
    with stream_copies(step, mounts) as (out, err):
        assert out is not None
        assert out == err
        os.write(out, b"x")
    assert (tmp_path / "new" / "f").read_bytes() == b"x"
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(out)
    with stream_copies(Step(), mounts) as copies:
        assert copies == (None, None)


def test_a_stream_that_cannot_be_copied_leaves_nothing_open(tmp_path: Path) -> None:
    mounts = [Mount(source=tmp_path, target="/data")]
    before = sorted(os.listdir("/proc/self/fd"))
    step = Step(stdout_path="/data/f", stderr_path="/else/where")
    with pytest.raises(ExecutorError), stream_copies(step, mounts):
        pass
    assert sorted(os.listdir("/proc/self/fd")) == before


def test_what_dead_runs_left_is_removed_and_the_living_are_left_alone(tmp_path: Path) -> None:
    store = Store(tmp_path)
    dead, alive = "20260101-000000-bbbb", "20260101-000000-cccc"
    for run in (dead, alive):
        store.directory(run).path.mkdir(parents=True)
        (store.directory(run).work / "places").mkdir(parents=True)
    (tmp_path / "work" / "somebody-elses").mkdir()
    secrets = secrets_root(dead, store.directory(dead).work)
    make_private(secrets)
    lock = OwnerLock(store.directory(alive).lock)
    assert lock.take()
    sweep(store)
    assert sorted(entry.name for entry in (tmp_path / "work").iterdir()) == [alive, "somebody-elses"]
    assert store.directory(dead).path.is_dir()
    assert not secrets.exists()
    lock.release()
    sweep(store)
    assert sorted(entry.name for entry in (tmp_path / "work").iterdir()) == ["somebody-elses"]
    store.close()


MakeContext = Callable[..., RunContext]


def test_preflight_names_the_field(context: RunContext) -> None:
    unknown = TaskSpec(steps=(Step(script="true"), Step(image="example.com/x")))
    refusal = refuse_task(unknown, context)
    assert refusal is not None
    assert refusal.message.startswith("steps[1].image: what 'example.com/x' starts by itself")
    sidecar = TaskSpec(sidecars=(Sidecar(image="example.com/x"),))
    pipeline = PipelineSpec(finally_=(PipelineTask(name="t", task_spec=sidecar),))
    refusal = refuse_pipeline(pipeline, context)
    assert refusal is not None
    assert refusal.message.startswith("finally[0].taskSpec.sidecars[0].image: ")


@pytest.mark.parametrize(
    "spec",
    [
        TaskSpec(steps=(Step(image="bash"),)),
        TaskSpec(steps=(Step(image="example.com/x", command=("x",)),)),
        TaskSpec(steps=(Step(image="$(params.image)"),)),
        TaskSpec(steps=(Step(ref=Reference(name="action")),)),
    ],
)
def test_preflight_lets_pass_what_may_run(context: RunContext, spec: TaskSpec) -> None:
    assert refuse_task(spec, context) is None


def test_a_task_with_conditions_is_looked_at_when_it_starts(context: RunContext) -> None:
    spec = TaskSpec(steps=(Step(image="example.com/x"),))
    when = (When(input="a", operator="in", values=("b",)),)
    assert (
        refuse_pipeline(PipelineSpec(tasks=(PipelineTask(name="t", task_spec=spec, when=when),)), context)
        is None
    )


@pytest.mark.parametrize(
    "spec",
    [
        TaskSpec(volumes=(Volume(name="v", kind="emptyDir"),)),
        TaskSpec(steps=(Step(env=(Env(name="A", value="x/tekton/y"),)),)),
        TaskSpec(steps=(Step(env=(Env(name="A", source={"fieldRef": {}}),)),)),
        TaskSpec(steps=(Step(env_from=({"configMapRef": {}},)),)),
        TaskSpec(steps=(Step(args=("/tekton/results",)),)),
        TaskSpec(steps=(Step(script="ls /tekton"),)),
        TaskSpec(steps=(Step(stdout_path="/x"),)),
    ],
)
def test_files_under_tekton_are_made_for_whoever_could_look(spec: TaskSpec) -> None:
    assert needs_tekton_files(spec)


def test_files_under_tekton_are_not_made_for_others() -> None:
    assert not needs_tekton_files(TaskSpec(steps=(Step(script="echo", command=("a",), args=("b",)),)))


def test_there_is_always_room_for_several_tasks() -> None:
    assert default_jobs() >= 16
