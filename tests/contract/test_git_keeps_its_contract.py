"""git as version control keeps the role's contract."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from holkas.testing.contracts.version_control import VersionControlContract
from holkas_builtin.git.version_control import Git

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="the program git is not installed")


class TestGit(VersionControlContract):
    @pytest.fixture
    def tool(self, holkas_context):
        with Git(holkas_context) as tool:
            yield tool

    @pytest.fixture
    def repository(self, tmp_path):
        path = tmp_path / "server.git"
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(path)], check=True)
        return str(path)
