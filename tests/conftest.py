"""Settings of all tests.

Property tests have no deadline, since the machines that run them are shared and noisy. They try the same examples for
the same code, so that a gate answers a commit twice alike; ``tox run -e explore`` tries others. Ctrl-C is what it is on a
terminal, also where the tests were started in the background of a shell, which makes every program deaf for it.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "holkas", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.register_profile("explore", settings.get_profile("holkas"), derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "holkas"))

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

REAL = ("e2e", "contract")
"""Folders of tests whose subjects are processes, servers and containers."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What starts real processes on a machine that others use too is tried once more before it counts as failed.

    The summary names each one that was: a test that needs it has a fault that is still to be found. Everything else
    has one try.
    """
    here = Path(__file__).parent
    for item in items:
        if item.path.relative_to(here).parts[0] in REAL or item.get_closest_marker("containers"):
            item.add_marker(pytest.mark.flaky(reruns=1))
