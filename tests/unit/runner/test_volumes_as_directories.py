"""Kubernetes volumes made of the file's own documents."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from holkas_builtin.runner.errors import SetupError
from holkas_builtin.runner.pod import Pod
from holkas_builtin.runner.run_context import RunContext
from holkas_builtin.runner.volumes import Directory, materialise, sub_directory


@pytest.fixture
def make(context: RunContext, pod: Pod, tmp_path: Path):  # type: ignore[no-untyped-def]  # a plain function
    def make(kind: str, **source: Any) -> Directory:
        return materialise(
            kind,
            source,
            at=tmp_path / "volumes" / "v",
            secret_at=tmp_path / "memory" / "v",
            context=context,
            pod=pod,
            what="volumes[v]",
        )

    return make


def files(directory: Directory) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory.path)): path.read_bytes()
        for path in sorted(directory.path.rglob("*"))
        if path.is_file()
    }


def modes(directory: Directory) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in directory.path.iterdir()}


@pytest.mark.parametrize("kind", ["", "emptyDir", "ephemeral"])
def test_an_empty_directory_can_be_written_by_everybody(make: Any, kind: str) -> None:
    made = make(kind)
    assert (made.read_only, files(made), made.path.stat().st_mode & 0o777) == (False, {}, 0o777)


def test_a_claim_is_the_same_directory_for_the_whole_run(make: Any, context: RunContext) -> None:
    made = make("persistentVolumeClaim", claimName="c", readOnly=True)
    assert made == Directory(context.claim("c"), read_only=True)
    assert make("persistentVolumeClaim", claimName="d").path != made.path


def test_a_config_map_gives_all_of_its_keys(make: Any) -> None:
    made = make("configMap", name="settings")
    assert made.read_only
    assert files(made) == {"a": b"1", "b.txt": b"two", "not a name": b"x"}
    assert set(modes(made).values()) == {0o644}


def test_chosen_keys_with_their_paths_and_modes(make: Any) -> None:
    items = [{"key": "a", "path": "deep/x", "mode": 0o600}, {"key": "b.txt", "path": "b"}]
    made = make("configMap", name="settings", items=items, defaultMode=0o440)
    assert files(made) == {"deep/x": b"1", "b": b"two"}
    assert (made.path / "deep" / "x").stat().st_mode & 0o777 == 0o600
    assert (made.path / "b").stat().st_mode & 0o777 == 0o440


def test_secrets_lie_where_no_disk_keeps_them(make: Any, tmp_path: Path) -> None:
    made = make("secret", secretName="token")
    assert made.path == tmp_path / "memory" / "v"
    assert files(made) == {"value": b"correct-horse"}


def test_a_projected_volume_holds_several_sources(make: Any, tmp_path: Path) -> None:
    sources = [
        {"configMap": {"name": "settings", "items": [{"key": "a", "path": "map"}]}},
        {"secret": {"name": "token"}},
        {"downwardAPI": {"items": [{"path": "name", "fieldRef": {"fieldPath": "metadata.name"}}]}},
        {"configMap": {"name": "lost", "optional": True}},
    ]
    made = make("projected", sources=sources, defaultMode=0o400)
    assert files(made) == {"map": b"1", "value": b"correct-horse", "name": b"run-pod"}
    assert set(modes(made).values()) == {0o400}
    assert made.path.is_relative_to(tmp_path / "memory")


def test_the_downward_api_as_files(make: Any) -> None:
    made = make("downwardAPI", items=[{"path": "labels", "fieldRef": {"fieldPath": "metadata.labels"}}])
    assert files(made) == {"labels": b'a="say \\"x\\""\nb="2"'}


def test_host_directories_are_read_only_unless_the_user_binds_them(make: Any, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    assert make("hostPath", path=str(tmp_path / "here")) == Directory(tmp_path / "here", read_only=True)
    assert make("hostPath", path=str(tmp_path / "new"), writable=True) == Directory(tmp_path / "new")
    assert (tmp_path / "new").is_dir()


@pytest.mark.parametrize(
    ("kind", "source", "text"),
    [
        ("configMap", {"name": "lost"}, 'configMap "lost" not found'),
        ("secret", {"secretName": "lost"}, 'secret "lost" not found'),
        ("configMap", {"name": "settings", "items": [{"key": "no", "path": "x"}]}, "no key 'no'"),
        ("configMap", {"name": "settings", "items": [{"key": "a", "path": "../x"}]}, "leaves the volume"),
        ("projected", {"sources": [{"serviceAccountToken": {"path": "t"}}]}, "needs a cluster"),
        ("csi", {"driver": "d"}, "volume of kind 'csi' needs a cluster"),
        ("hostPath", {"path": "/no/such/directory"}, "the host has no /no/such/directory"),
    ],
)
def test_what_cannot_be_made_is_named(make: Any, kind: str, source: dict[str, Any], text: str) -> None:
    with pytest.raises(SetupError) as error:
        make(kind, **source)
    assert str(error.value).startswith("volumes[v]: ")
    assert text in str(error.value)


def test_an_optional_document_may_be_missing(make: Any) -> None:
    assert files(make("configMap", name="lost", optional=True)) == {}
    items = [{"key": "no", "path": "x"}, {"key": "a", "path": "y"}]
    assert files(make("configMap", name="settings", optional=True, items=items)) == {"y": b"1"}


def test_a_sub_path_is_made_when_it_is_missing(tmp_path: Path) -> None:
    made = sub_directory(tmp_path, "a/b", "what")
    assert made == tmp_path / "a" / "b"
    assert made.stat().st_mode & 0o777 == 0o777
    (made / "kept").write_text("x")
    assert sub_directory(tmp_path, "a/b/", "what") == made
    assert sub_directory(tmp_path, "a/b/kept", "what") == made / "kept"


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/etc", "link/x", "link", "file/x"])
def test_a_sub_path_stays_in_its_volume(tmp_path: Path, path: str) -> None:
    (tmp_path / "v").mkdir()
    (tmp_path / "v" / "link").symlink_to(tmp_path)
    (tmp_path / "v" / "file").write_text("x")
    with pytest.raises(SetupError) as error:
        sub_directory(tmp_path / "v", path, "volumeMounts[v].subPath")
    assert str(error.value).startswith("volumeMounts[v].subPath: ")
    assert sorted(os.listdir(tmp_path)) == ["v"]
