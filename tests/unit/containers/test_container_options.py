"""What becomes options of an engine: quantities, rights, variables, mounts, names of images."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest
from holkas.extensions.executor import Command, ExecutorError, Mount
from holkas_builtin.executors.container import mounts, privileges, variables
from holkas_builtin.executors.container.engine import sentence
from holkas_builtin.executors.container.image import checked, images_of, repository
from holkas_builtin.executors.container.quantity import quantity, whole
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        ("500m", "0.5"),
        ("1.5Gi", 1610612736),
        ("2e3", 2000),
        ("1E", 10**18),
        (".5", "0.5"),
        (3, 3),
        ("1k", 1000),
    ],
)
def test_quantities_are_kubernetes(text: object, number: object) -> None:
    assert quantity(text, "x") == Decimal(str(number))


@pytest.mark.parametrize("text", ["", "1 Gi", "Gi", "-1", "1e999", "1KiB", "0x10", "9" * 50, None, "1\n"])
def test_what_is_no_quantity_is_told(text: object) -> None:
    with pytest.raises(ExecutorError, match=r"limits\.memory"):
        quantity(text, "limits.memory")


@given(st.text(max_size=60))
def test_no_text_breaks_quantities(text: str) -> None:
    try:
        assert whole(quantity(text, "x")) >= 0
    except ExecutorError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("resources", "options"),
    [
        ({}, []),
        ({"limits": {"memory": "64Mi"}}, ["--memory=67108864b", "--memory-swap=67108864b"]),
        ({"limits": {"memory": "1k"}}, ["--memory=6291456b", "--memory-swap=6291456b"]),
        ({"limits": {"cpu": "1500m"}}, ["--cpus=1.5", "--cpu-shares=1536"]),
        ({"limits": {"cpu": "2"}, "requests": {"cpu": "250m"}}, ["--cpus=2", "--cpu-shares=256"]),
        ({"requests": {"cpu": "1m", "memory": "1Gi"}}, ["--cpu-shares=2"]),
        ({"limits": {"cpu": "0"}}, ["--cpu-shares=2"]),
    ],
)
def test_resources_become_limits(resources: dict[str, dict[str, str]], options: list[str]) -> None:
    assert list(privileges.limits(resources)) == options


@pytest.mark.parametrize(
    ("command", "user", "options"),
    [
        (Command(user=5), "", ["--user=5"]),
        (Command(user=5, group=6), "app", ["--user=5:6"]),
        (Command(group=6), "app:users", ["--user=app:6"]),
        (Command(group=6), "", ["--user=0:6"]),
        (Command(security={"runAsNonRoot": True}), "app", []),
        (Command(security={"fsGroup": 9, "supplementalGroups": [7]}), "", ["--group-add=7", "--group-add=9"]),
    ],
)
def test_who_a_step_runs_as(command: Command, user: str, options: list[str]) -> None:
    assert list(privileges.security(command, user, allowed=False)) == options


def test_rights_need_a_permission() -> None:
    security = {"privileged": True, "capabilities": {"add": ["net_admin"]}}
    assert list(privileges.security(Command(security=security), "", allowed=True)) == [
        "--privileged",
        "--cap-add=NET_ADMIN",
    ]
    with pytest.raises(ExecutorError, match="privileged"):
        list(privileges.security(Command(security=security), "", allowed=False))


def test_variables_go_by_their_names(tmp_path: Path) -> None:
    env = {"A": "1\n2", "PATH": "/bin", "no_proxy": "here", "b.c-d": "x"}
    passed = variables.passed(env, tmp_path / "file")
    assert passed.options == (f"--env-file={tmp_path / 'file'}", "--env=A", "--env=b.c-d")
    assert (passed.environ["A"], passed.environ["PATH"]) == ("1\n2", os.environ["PATH"])
    assert (tmp_path / "file").read_text() == "PATH=/bin\nno_proxy=here\n"
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "env",
    [
        {"A*": ""},
        {"": "x"},
        {"A=B": "x"},
        {"#A": "x"},
        {"A B": "x"},
        {"A": "\0"},
        {"PATH": "a\nb"},
        {"A\n": ""},
    ],
)
def test_variables_that_cannot_be_given_are_told(env: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(ExecutorError, match="variable"):
        variables.passed(env, tmp_path / "file")


def test_mounts_of_odd_paths(tmp_path: Path) -> None:
    odd = tmp_path / 'a,b"c:d'
    odd.mkdir()
    given_ = (
        Mount(source=tmp_path, target="/data/"),
        Mount(source=odd, target="/data", read_only=True),
        Mount(source=tmp_path, target="/a:b"),
    )
    source = str(odd).replace('"', '""')
    assert list(mounts.options(given_, tmp_path / "place")) == [
        f"--mount=type=bind,src={tmp_path},dst=/a:b",
        f'--mount=type=bind,"src={source}",dst=/data,readonly=true',
    ]


@pytest.mark.parametrize(
    ("source", "target", "why"),
    [
        ("gone", "/data", "there is no"),
        (".", "/a\nb", "line break"),
        (".", "/proc", "must not"),
        (".", "x", "absolute"),
    ],
)
def test_mounts_that_cannot_be(source: str, target: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(ExecutorError, match=why):
        list(mounts.options((Mount(source=tmp_path / source, target=target),), tmp_path / "place"))


@pytest.mark.parametrize("name", ["a", "a/b:1", "host:5000/a@sha256:ab", "A.b_c-d"])
def test_names_of_images(name: str) -> None:
    assert checked(name) == name


@pytest.mark.parametrize("name", ["", "-a", "--help", "a b", "a;b", "a\n", "$(x)", "/a", "a" * 600])
def test_what_is_no_name_of_an_image(name: str) -> None:
    with pytest.raises(ExecutorError, match="is not the name of an image"):
        checked(name)


ID = "ab" * 32


@pytest.mark.parametrize(
    ("reference", "known", "digest"),
    [
        ("bash:5", ["docker.io/library/bash@sha256:1"], "docker.io/library/bash@sha256:1"),
        ("r/bash", ["other@sha256:2", "r/bash@sha256:1"], "r/bash@sha256:1"),
        ("r/bash@sha256:2", ["r/bash@sha256:1", "r/bash@sha256:2"], "r/bash@sha256:2"),
        ("r:5000/bash:1", [], f"r:5000/bash@sha256:{ID}"),
        ("mine", ["other@sha256:3"], "other@sha256:3"),
    ],
)
def test_the_digest_is_that_of_the_repository(reference: str, known: list[str], digest: str) -> None:
    import json

    (found,) = images_of(json.dumps([{"Id": f"sha256:{ID}", "RepoDigests": known}]), [reference])
    assert (found.id, found.digest) == (ID, digest)


@pytest.mark.parametrize("text", ["", "{}", "[]", "[{}]", '[{"Id": "x; rm"}]', "[{}, {}]"])
def test_an_answer_that_is_none(text: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        images_of(text, ["a"])


def test_a_repository_has_no_tag() -> None:
    assert [repository(name) for name in ("a:1", "h:5/a", "h:5/a:1@sha256:x", "a")] == [
        "a",
        "h:5/a",
        "h:5/a",
        "a",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ""),
        ("WARN x\nError: no such thing\n", "no such thing"),
        (
            "docker: Error response from daemon: pull access denied.\nSee 'docker run --help'.\n",
            "pull access denied.",
        ),
        ("one\n two \n", "two"),
    ],
)
def test_the_engines_sentence(text: str, said: str) -> None:
    assert sentence(text) == said
