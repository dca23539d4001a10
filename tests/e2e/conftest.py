"""A shell with a state directory of its own."""

from __future__ import annotations

import pytest

from tests.command_line import Shell


@pytest.fixture
def shell(tmp_path):
    return Shell(tmp_path)
