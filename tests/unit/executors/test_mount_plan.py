"""The plan of a step's world, on a host's tree that exists only in the test."""

from __future__ import annotations

from pathlib import Path

import pytest
from holkas.extensions.executor import ExecutorError, Mount
from holkas_builtin.executors import mount_plan
from holkas_builtin.executors.bubblewrap import arguments
from holkas_builtin.executors.mount_points import checked, source, within
from hypothesis import given
from hypothesis import strategies as st

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=4)
PATHS = st.lists(st.one_of(NAMES, st.sampled_from(["", ".", "..", "proc", "etc", "lnk"])), max_size=6).map(
    "/".join
)


class Tree:
    """``directory/``, ``file`` or ``link -> text`` by path."""

    def __init__(self, **paths):
        self.paths = {"/" + name: kind for name, kind in paths.items()}

    def add(self, path, kind="directory"):
        self.paths[path] = kind
        return self

    def kind(self, path):
        kind = self.paths.get(path, "missing")
        return "link" if kind.startswith("->") else kind

    def entries(self, path):
        start = path.rstrip("/") + "/"
        return [
            one[len(start) :] for one in self.paths if one.startswith(start) and "/" not in one[len(start) :]
        ]

    def target(self, path):
        return self.paths[path][2:]

    def real(self, path):
        return self.paths.get(path, path).removeprefix("->")


@pytest.fixture
def tree():
    names = (
        "usr",
        "usr/bin",
        "usr/share",
        "etc",
        "var",
        "home",
        "run",
        "proc",
        "sys",
        "dev",
        "srv",
        "root",
        "tmp",
    )
    tree = Tree(**dict.fromkeys(names, "directory"), bin="->usr/bin")
    return tree.add("/var/run", "->/run").add("/etc/shadow", "file").add("/etc/resolv.conf", "file")


def planned(tree, *targets, cwd="/", read_only=False):
    mounts = [Mount(source=Path("/volume"), target=target, read_only=read_only) for target in targets]
    plan = mount_plan.step(tree, mounts, ["/volume"] * len(mounts), cwd=cwd)
    return [operation for operation in plan if operation[0] in ("open", "bind", "bind-ro", "dir")], plan


def test_the_base_is_the_host_without_what_is_private(tree):
    plan = mount_plan.base(tree, ["/home/me", "/srv", "/nowhere"], [("ash", "/bin/busybox")])
    assert ("bind-try", "/usr", "/usr") in plan
    assert ("symlink", "usr/bin", "/bin") in plan
    assert ("tmpfs", "/srv", "mode=755") in plan
    assert ("bind", "/dev/null", "/etc/shadow") in plan
    assert ("symlink", "/bin/busybox", "/.holkas/bin/ash") in plan
    bound = {operation[1] for operation in plan if operation[0].startswith("bind")}
    assert not bound & {"/home", "/run", "/root", "/tmp", "/proc", "/dev", "/home/me", "/nowhere"}
    assert {("dir", "/workspace"), ("dir", "/tekton"), ("dir", "/home"), ("dir", "/var/tmp")} <= set(plan)
    assert plan.index(("read-only", "/")) > plan.index(("dir", "/tekton"))


def test_the_kernels_switches_are_sealed_for_root_only(tree):
    tree.add("/proc/sys")
    assert ("seal", "/proc/sys") in mount_plan.step(tree, [], [], root=True)
    assert ("seal", "/proc/sys") not in mount_plan.step(tree, [], [])


def test_names_are_resolved_though_run_is_hidden(tree):
    tree.add("/etc/resolv.conf", "->/run/resolve/stub").add("/run/resolve/stub", "file")
    assert ("bind-ro", "/run/resolve/stub", "/run/resolve/stub") in mount_plan.step(tree, [], [])


def test_what_exists_is_mounted_on(tree):
    assert planned(tree, "/workspace", "/usr/share/")[0] == [
        ("bind", "/volume", "/workspace"),
        ("bind", "/volume", "/usr/share"),
    ]


@pytest.mark.parametrize(
    ("target", "opened", "point"),
    [
        ("/data", "/", "/data"),
        ("/my/secret/volume", "/", "/my/secret/volume"),
        ("/etc/app/config", "/etc", "/etc/app/config"),
        ("/usr/share/nginx/html", "/usr/share", "/usr/share/nginx/html"),
        ("/home/nonroot", "/home", "/home/nonroot"),
        ("/bin/tool", "/usr/bin", "/usr/bin/tool"),
    ],
)
def test_a_missing_mount_point_opens_the_nearest_directory(tree, target, opened, point):
    assert planned(tree, target, read_only=True)[0] == [("open", opened), ("bind-ro", "/volume", point)]


def test_links_of_the_host_are_followed_into_what_the_step_has(tree):
    assert planned(tree, "/var/run/secrets")[0] == [("bind", "/volume", "/run/secrets")]


def test_directories_are_opened_once_and_from_the_top(tree):
    found = planned(tree, "/usr/share/a", "/usr/b", "/c", "/d", "/c/e")[0]
    assert found[:3] == [("open", "/"), ("open", "/usr"), ("open", "/usr/share")]
    assert [operation[0] for operation in found[3:]] == ["bind"] * 5


def test_a_missing_working_directory_is_made(tree):
    assert planned(tree, "/workspace", cwd="/workspace/a/b")[0][-1] == ("dir", "/workspace/a/b")
    found, plan = planned(tree, cwd="/a/path/too/far")
    assert found == [("open", "/")]
    assert plan[-1] == ("tmpfs", "/a/path/too/far", "mode=755")
    assert planned(tree, cwd="/usr/share")[0] == []


def test_a_circle_of_links_is_refused(tree):
    tree.add("/one", "->/two").add("/two", "->/one")
    with pytest.raises(ExecutorError, match="links"):
        planned(tree, "/one/x")


@pytest.mark.parametrize("link", ["/proc", "/dev", "/sys/kernel"])
def test_a_link_into_the_kernels_parts_is_refused(tree, link):
    tree.add("/srv/link", f"->{link}")
    with pytest.raises(ExecutorError, match="must not be mounted"):
        planned(tree, "/srv/link/x")


@given(PATHS)
def test_no_path_leads_out(path):
    try:
        found = checked(path)
    except ExecutorError as error:
        assert "mount" in str(error)
        return
    parts = found.split("/")
    assert parts[0] == ""
    assert not {"", ".", ".."} & set(parts[1:])
    assert parts[1] not in ("proc", "sys", "dev")


@given(PATHS.map("/".__add__))
def test_every_plan_opens_only_directories_above_a_mount(path):
    tree = (
        Tree(etc="directory", lnk="->etc", usr="directory")
        .add("/etc/lnk", "->/usr/../etc")
        .add("/etc/a", "file")
    )
    try:
        plan = planned(tree, path)[0]
    except ExecutorError:
        return
    point = plan[-1][2]
    assert all(name == "bind" or within(point, (arguments[0].rstrip("/"),)) for name, *arguments in plan)


def test_a_source_may_be_a_link_but_not_out_of_the_attempt(tmp_path):
    own = tmp_path / "attempt"
    (own / "volume" / "real").mkdir(parents=True)
    (own / "volume" / "inner").symlink_to("real")
    (own / "volume" / "outer").symlink_to(tmp_path)
    (tmp_path / "bound").symlink_to("/usr")
    inner = Mount(source=own / "volume" / "inner", target="/x")
    assert source(inner, own) == str(own / "volume" / "real")
    assert source(Mount(source=tmp_path / "bound", target="/x"), own) == "/usr"
    for path in (own / "volume" / "outer", own / "volume" / "outer" / "bound"):
        with pytest.raises(ExecutorError, match="link"):
            source(Mount(source=path, target="/x"), own)


def test_bubblewrap_gets_the_same_plan(tree):
    tree.add("/etc/mtab", "->/proc/mounts")
    plan = mount_plan.step(
        tree,
        [Mount(source=Path("/v"), target="/etc/app"), Mount(source=Path("/v"), target="/d")],
        ["/v", "/v"],
        root=True,
    )
    found = " ".join(arguments(mount_plan.base(tree), plan, tree))
    for part in (
        "--symlink usr/bin /bin",
        "--ro-bind-try /usr /usr",
        "--ro-bind /dev/null /etc/shadow",
        "--dev /dev",
        "--tmpfs /etc --symlink /proc/mounts /etc/mtab --ro-bind-try /etc/resolv.conf /etc/resolv.conf",
        "--proc /proc",
        "--bind /v /etc/app --bind /v /d --remount-ro / --remount-ro /etc",
    ):
        assert part in found
    assert "/dev/" not in found.replace("/dev/null /etc", "")
