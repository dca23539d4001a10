"""What images start by themselves, and programs that this machine has elsewhere or not at all."""

from __future__ import annotations

import subprocess
from pathlib import Path

import jsonschema
import pytest
from holkas_builtin.executors import shebang, tools
from holkas_builtin.executors.images import OPTIONS_SCHEMA, Images, split


@pytest.mark.parametrize(
    ("image", "parts"),
    [
        ("bash", ("", "bash")),
        ("bash:5.1.4@sha256:c523", ("", "bash")),
        ("alpine/git", ("", "alpine/git")),
        ("localhost:5000/a/b:1", ("localhost:5000", "a/b")),
        ("localhost/a", ("localhost", "a")),
        ("mirror.gcr.io/library/python@sha256:e8", ("mirror.gcr.io", "library/python")),
        ("host:80/x", ("host:80", "x")),
    ],
)
def test_a_reference_has_a_registry_and_a_path(image, parts):
    assert split(image) == parts


@pytest.mark.parametrize(
    ("image", "entrypoint"),
    [
        ("ubuntu", ("bash",)),
        ("mirror.gcr.io/ubuntu@sha256:0d39", ("bash",)),
        ("docker.io/library/alpine:3", ("sh",)),
        ("cgr.dev/chainguard/busybox", ("sh",)),
        ("gcr.io/go-containerregistry/crane", ("crane",)),
        ("mirror.gcr.io/alpine/git", ("git",)),
        ("ghcr.io/tektoncd/pipeline/nop-8eac@sha256:5a", ("true",)),
        ("registry.example.com/team/app", None),
        ("example.com/ubuntu-like", None),
        ("", None),
    ],
)
def test_a_well_known_image_has_its_program(image, entrypoint):
    images = Images({})
    assert images.entrypoint(image) == entrypoint
    assert images.entrypoint(image) == entrypoint


@pytest.mark.parametrize(
    ("arguments", "output"),
    [(("-c", "echo shell"), "shell\n"), (("echo", "program"), "program\n"), ((), "")],
)
def test_some_images_start_a_program_that_is_given(arguments, output):
    argv = Images({"b": {"entrypoint": ["sh"], "commands": True}}).entrypoint("b")
    done = subprocess.run(
        [*argv, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True
    )
    assert done.stdout == output


def test_the_users_table_comes_first():
    options = {"images": {"ubuntu": {"entrypoint": ["zsh", "-l"]}, "example.com/*": {"entrypoint": ["app"]}}}
    jsonschema.validate(options, OPTIONS_SCHEMA)
    images = Images(options["images"])
    assert images.entrypoint("ubuntu:22.04") == ("zsh", "-l")
    assert images.entrypoint("example.com/team/app:1") == ("app",)
    assert images.entrypoint("bash") is not None
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"images": {"x": {"entrypoint": []}}}, OPTIONS_SCHEMA)


@pytest.mark.parametrize(
    ("image", "shell"),
    [
        ("alpine:3", "busybox"),
        ("node:lts-alpine3.20", "busybox"),
        ("ubuntu", ""),
        ("x/alpine-git@sha256:1", "busybox"),
    ],
)
def test_the_shell_of_an_image_is_known(image, shell):
    images = Images({})
    assert images.shell(image) == images.shell(image) == shell


@pytest.fixture
def programs(tmp_path):
    """Makes executable files and forgets what was looked up before."""
    tools.missing.cache_clear()

    def make(*names):
        for name in names:
            path = tmp_path / "host" / "bin" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("#!/bin/sh\n")
            path.chmod(0o755)
        return str(tmp_path / "host" / "bin")

    yield make
    tools.missing.cache_clear()


def test_a_stand_in_is_the_first_there_is(programs):
    path = programs("dash", "sh", "python3", "pip")
    assert dict(tools.missing(path)) == {"ash": f"{path}/dash", "python": f"{path}/python3"}


def test_stand_ins_are_linked(programs, tmp_path, monkeypatch):
    path = programs("sh")
    monkeypatch.setenv("PATH", path)
    first, second = (Path(tools.install(tmp_path / "links")) for _ in range(2))
    assert first == second
    assert first.parent == tmp_path / "links"
    assert (first / "ash").resolve() == (tmp_path / "host" / "bin" / "sh")
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    assert tools.install(tmp_path / "none") == ""
    assert not (tmp_path / "none").exists()


def test_an_interpreter_is_found_by_its_name(programs, tmp_path):
    path = programs("bash")
    script = tmp_path / "script"
    script.write_text("#!/usr/local/bin/bash -e x\n")
    assert shebang.interpreter(str(script), "/") == "/usr/local/bin/bash"
    assert tools.elsewhere(("/in/script", "a"), str(script), path, "/") == (
        f"{path}/bash",
        "-e x",
        "/in/script",
        "a",
    )
    assert tools.elsewhere(("/opt/bin/bash", "a"), "/opt/bin/bash", path, "/") == (f"{path}/bash", "a")
    assert tools.elsewhere((f"{path}/bash",), "none", path, "/") is None
    assert tools.elsewhere(("/kaniko/bash",), "/kaniko/bash", path, "/") is None
    assert tools.elsewhere(("/opt/bin/zsh",), "/opt/bin/zsh", path, "/") is None
    assert tools.elsewhere(("zsh",), "zsh", path, "/") is None
    script.write_text("#!/usr/local/bin/zsh\n")
    assert tools.elsewhere(("/in/script",), str(script), path, "/") is None
    script.write_text("echo\n")
    assert shebang.interpreter(str(script), "/") == ""
    assert shebang.interpreter("missing", str(tmp_path)) == ""


@pytest.fixture
def own_shell(programs, monkeypatch, tmp_path):
    """Gives the machine a /bin/sh that is no stand-in, and a PATH."""
    tools.shell.cache_clear()
    monkeypatch.setattr(tools, "OWN_SHELL", tmp_path / "own" / "dash")
    yield lambda *names: monkeypatch.setenv("PATH", programs(*names))
    tools.shell.cache_clear()


def test_busybox_stands_in_for_its_own_shell(own_shell, tmp_path):
    own_shell("busybox", "bash")
    path = f"{tmp_path}/host/bin/busybox"
    assert tools.shell("busybox") == path
    assert shebang.with_shell(["sh", "-c", "x"], tools.called_shell("busybox"), "/") == [
        path,
        "sh",
        "-c",
        "x",
    ]
    script = tmp_path / "script"
    script.write_text("#!/bin/sh -e\n")
    assert shebang.with_shell([str(script), "a"], tools.called_shell("busybox"), "/") == [
        path,
        "sh",
        "-e",
        str(script),
        "a",
    ]
    script.write_text("#!/bin/bash\n")
    assert shebang.with_shell([str(script), "a"], tools.called_shell("busybox"), "/") == [str(script), "a"]
    assert shebang.with_shell(["env"], tools.called_shell("busybox"), "/") == ["env"]
    assert shebang.with_shell(["sh"], tools.called_shell(""), "/") == ["sh"]


def test_bash_stands_in_where_there_is_no_busybox(own_shell, tmp_path):
    own_shell("bash")
    assert shebang.with_shell(["/bin/sh"], tools.called_shell("busybox"), "/") == [
        f"{tmp_path}/host/bin/bash"
    ]


def test_nothing_stands_in_where_there_is_nothing(own_shell, tmp_path):
    own_shell("zsh")
    assert shebang.with_shell(["sh"], tools.called_shell("busybox"), "/") == ["sh"]


def test_nothing_stands_in_for_a_shell_that_knows_enough(own_shell, monkeypatch, tmp_path):
    own_shell("busybox")
    monkeypatch.setattr(tools, "OWN_SHELL", tmp_path / "host" / "bin" / "busybox")
    assert tools.shell("busybox") == ""
