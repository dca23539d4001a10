"""The health that the conditions of an ApplicationSet say."""

from __future__ import annotations

from typing import Any

import pytest
from holkas.gitops.application_set_health import application_set_health


def condition(kind: str, message: str, status: str = "True") -> dict[str, Any]:
    return {"type": kind, "status": status, "message": message}


@pytest.mark.parametrize(
    ("conditions", "wanted"),
    [
        ([], ("Unknown", "No status conditions found for ApplicationSet")),
        (None, ("Unknown", "No status conditions found for ApplicationSet")),
        (
            [condition("ErrorOccurred", "no", "False")],
            ("Unknown", "Waiting for health status to be determined"),
        ),
        ([condition("ResourcesUpToDate", "a"), condition("RolloutProgressing", "b")], ("Progressing", "b")),
        ([condition("ResourcesUpToDate", "a"), condition("ErrorOccurred", "e")], ("Degraded", "e")),
        ([condition("ResourcesUpToDate", "a"), condition("Other", "x")], ("Healthy", "a")),
    ],
)
def test_the_condition_that_weighs_most(conditions: Any, wanted: tuple[str, str]) -> None:
    health = application_set_health(conditions)
    assert (health.status, health.message) == wanted
