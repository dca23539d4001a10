"""Repositories for tests of git."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest
from holkas_builtin.git.version_control import Git


@pytest.fixture(autouse=True)
def _git():
    if not shutil.which("git"):
        pytest.skip("the program git is not installed")


@pytest.fixture
def git(tmp_path):
    """Runs git in the working copy ``work`` as somebody with a name."""
    (tmp_path / "work").mkdir()
    environ = {
        **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_NAME": "Anna",
        "GIT_AUTHOR_EMAIL": "anna@example.org",
        "GIT_COMMITTER_NAME": "Bert",
        "GIT_COMMITTER_EMAIL": "bert@example.org",
        "GIT_COMMITTER_DATE": "1700000000 +0100",
    }

    def git(*words, directory=tmp_path / "work", **more):
        words = ["git", "-c", "init.defaultBranch=main", *words]
        return subprocess.run(
            words, cwd=directory, env=environ, check=True, capture_output=True, text=True, **more
        ).stdout.strip()

    return git


@pytest.fixture
def work(git, tmp_path):
    """A repository with one commit and its working copy."""
    git("init", "-q")
    (tmp_path / "work" / "a").write_text("1")
    git("add", "-A")
    git("commit", "-q", "-m", "First")
    return tmp_path / "work"


@pytest.fixture
def tool(holkas_context):
    with Git(holkas_context) as tool:
        yield tool
