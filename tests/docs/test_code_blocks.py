"""What a reader of README, tutorial and how-tos is told to type works, and prints what the page says."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command_line import processes_with
from tests.docs.blocks import Page, blocks, environment

ROOT = Path(__file__).resolve().parents[2]
FOLLOWED = sorted([*(ROOT / "docs" / "tutorial").glob("*.md"), *(ROOT / "docs" / "how-to").glob("*.md")])
PARSED = sorted(
    [
        ROOT / "CONTRIBUTING.md",
        *(ROOT / "docs" / "reference").glob("*.md"),
        *(ROOT / "docs" / "explanation").glob("*.md"),
    ]
)
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", FOLLOWED, ids=lambda page: page.name)
def test_a_page_can_be_followed(page, tmp_path):
    followed = Page(page.read_text(encoding="utf-8"), tmp_path)
    if "$ pip install" in followed.text:
        pytest.importorskip("hatchling", reason="hatchling builds the page's plugin: pip install hatchling")
        own = {key: value for key, value in followed.environ.items() if key != "HOLKAS_LOAD_PLUGINS"}
        followed.environ = own | installing(tmp_path / "installed")
    if "`holkas_plugin.py`:" in followed.text:  # the reader's own, which is no installed distribution
        followed.environ = {**followed.environ, "HOLKAS_LOAD_PLUGINS": "holkas,holkas_plugin"}
    try:
        assert followed.follow() > 0
    finally:  # a page that fails in the middle has not come to where it ends what it started
        for pid in processes_with(str(tmp_path)):
            os.kill(pid, signal.SIGTERM)


def installing(directory):
    """What makes the reader's ``pip install`` one into a directory of the test's, from this machine alone."""
    directory.mkdir()
    return {
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # which pip reads as: no isolation
        "PIP_NO_DEPS": "1",
        "PIP_NO_INDEX": "1",
        "PIP_TARGET": str(directory),
        "PYTHONPATH": str(directory),
    }


@pytest.mark.parametrize("page", PARSED, ids=lambda page: page.name)
def test_the_blocks_of_a_page_are_of_their_languages(page, tmp_path):
    # Signatures in the generated reference are not whole programs; the examples of hooks are run by their own test.
    leaving_out = frozenset({"console", "python"})
    Page(page.read_text(encoding="utf-8"), tmp_path).follow(leaving_out=leaving_out)


def test_the_readme_has_its_two_commands_first():
    languages = [block.language for block in blocks(README)]
    assert languages[:2] == ["sh", "sh"]
    assert languages.count("sh") == 2
    for number in (1, 2):
        done = subprocess.run(
            [sys.executable, ROOT / ".ci" / "readme_command.py", str(number)], capture_output=True, text=True
        )
        assert done.stdout == blocks(README)[number - 1].text


def test_the_rest_of_the_readme_can_be_followed(tmp_path):
    Page(README, tmp_path).follow(leaving_out=frozenset({"sh"}))


def test_the_readme_s_first_command_delivers_the_demo(tmp_path):
    (line,) = blocks(README)[0].text.splitlines()
    venv, install, demo = (shlex.split(part) for part in line.split(" && "))
    assert venv[-1] == ".venv"
    assert install[:3] == [".venv/bin/pip", "install", "-q"]
    assert demo[0] == ".venv/bin/holkas"
    (tmp_path / "home").mkdir()

    def holkas(*words):
        program = Path(sys.executable).parent / "holkas"
        environ = environment(tmp_path)
        return subprocess.run(
            [program, *words], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
        )

    try:
        done = holkas(*demo[1:])
        assert done.returncode == 3, done.stderr
        assert "✔ stage deployed" in done.stderr
        assert "approve prod" in done.stdout
    finally:
        assert holkas(*demo[1:], "--stop").returncode == 0


def test_the_pictures_of_the_readme_are_what_holkas_draws(tmp_path):
    """The mistake in the README is the tutorial's, whose output is checked there."""
    tutorial = (ROOT / "docs" / "tutorial" / "first-pipeline.md").read_text(encoding="utf-8")
    pictures = [block.text for block in blocks(README) if block.language == "text"]
    (mistake,) = [text for text in pictures if text.startswith("error[")]
    assert mistake in tutorial
