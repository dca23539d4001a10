"""Health against the answers of Argo CD."""

from __future__ import annotations

from collections import Counter

import pytest
from holkas.gitops.health import judge
from holkas.gitops.health.judge import judge_state

from tests.shared import rows

pytestmark = pytest.mark.conformance


@pytest.mark.parametrize("row", list(rows("argocd", "health_builtin.jsonl")))
def test_kinds_of_kubernetes(row):
    health = judge(row["object"])
    assert (health.status if health else None) == row["expected_status"]


def test_custom_kinds_by_our_own_rules():
    wrong: Counter[str] = Counter()
    total = 0
    for row in rows("argocd", "health.jsonl"):
        total += 1
        health = judge_state(row["object"])
        if (health.status if health else None) != row["expected_status"]:
            wrong[f"{row['group']}/{row['kind']}"] += 1
    assert sum(wrong.values()) <= 0.01 * total, wrong
