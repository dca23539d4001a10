"""``holkas demo`` as somebody follows it who has just installed holkas, with real processes on real ports."""

from __future__ import annotations

import json
import shutil
import socket

import pytest
from holkas.cli.demo_files import addresses, free_ports

from tests.demo import Demo

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture
def demo(tmp_path, here):
    demo = Demo(tmp_path, here)
    yield demo
    demo.end()


def test_what_the_demo_says_to_type_works(demo):
    said = demo("demo", ".")
    assert said.code == 3, said.err
    assert "approve prod" in said.out
    colours = {"dev": "white", "test": "blue", "stage": "orange"}
    for environment, colour in colours.items():
        assert demo.answer(environment)[0] == 200
        assert f"Hello from {environment}, all in {colour}" in demo.text(environment)
    assert demo.answer("prod")[0] == 0
    token = (demo.place / "run" / "dev" / "current" / "secrets" / "TOKEN").read_text(encoding="utf-8")
    assert (demo.admin("stage", token), demo.admin("stage", "guessed")) == (200, 401)

    assert demo("approve", "prod").code == 0
    first = demo.text("prod")
    assert "Hello from prod, all in green" in first

    demo.say("Goodbye {everybody}", "Say goodbye")
    failed = demo("deliver")
    assert (failed.code, "failed at test" in failed.out) == (1, True)
    assert demo.answer("test")[0] == 500
    assert (demo.text("prod"), "Hello from stage" in demo.text("stage")) == (first, True)
    told = json.loads((demo.place / "notices.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert (told["kind"], told["recipients"]) == ("failure", [{"name": "Ada", "email": "ada@example.org"}])
    assert "there is no 'everybody'" in told["text"]
    assert told["command"][:3] == ["holkas", "run", "checks/acceptance.yaml"]

    demo.say("Welcome to {environment}.", "Say welcome")
    assert demo("deliver").code == 3
    assert demo("promote", "prod").code == 0
    assert demo.text("prod") == "Welcome to prod.\n"
    told = [
        json.loads(line) for line in (demo.place / "notices.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert [one["kind"] for one in told] == ["approval", "failure", "recovery", "approval"] or [
        one["kind"] for one in told
    ] == ["approval", "failure", "approval", "recovery"]

    assert demo("rollback", "prod").code == 0
    assert demo.text("prod") == first
    assert demo.rows()["prod"]["quarantine"]
    assert demo("events", "verify").code == 0

    assert demo("demo", ".", "--stop").code == 0
    assert demo.running() == []
    assert demo.answer("dev")[0] == 0
    assert demo("demo", ".").code == 0
    assert (demo.text("prod"), demo.text("dev")) == (first, "Welcome to dev.\n")


def test_only_a_directory_of_its_own_is_taken(here, tmp_path):
    here.file("own/letter.txt", "dear")
    said = here("demo", str(tmp_path / "own"))
    assert (said.code, "is not empty" in said.err) == (2, True)
    assert [path.name for path in (tmp_path / "own").iterdir()] == ["letter.txt"]
    assert here("demo", str(tmp_path / "own" / "letter.txt")).code == 2
    assert here("demo", str(tmp_path / "own"), "--stop").code == 2


def test_ports_that_are_taken_are_not_chosen():
    ports = free_ports(4)
    with socket.create_server(("127.0.0.1", ports[1])):
        assert ports[1] not in free_ports(4)


def test_a_strange_file_is_no_demo(tmp_path):
    (tmp_path / "holkas.yaml").write_text('PORT: "1"\n', encoding="utf-8")
    assert addresses(tmp_path) == {}
    assert addresses(tmp_path / "nowhere") == {}
