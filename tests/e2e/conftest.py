"""A shell with a state directory of its own."""

from __future__ import annotations

import shutil

import pytest
from holkas_builtin.runner.run_context import secrets_root

from tests.command_line import Shell


@pytest.fixture
def shell(tmp_path):
    shell = Shell(tmp_path)
    yield shell
    shutil.rmtree(secrets_root("any", shell.state / "work" / "any").parent, ignore_errors=True)
