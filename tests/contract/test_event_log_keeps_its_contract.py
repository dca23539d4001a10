"""The event log as monitoring keeps the role's contract."""

from __future__ import annotations

import pytest
from holkas.testing.contracts.monitoring import MonitoringContract
from holkas_builtin.eventlog.event_log import EventLog


class TestEventLog(MonitoringContract):
    @pytest.fixture
    def tool(self, tmp_path):
        with EventLog(tmp_path / "events.db") as tool:
            yield tool
