"""What becomes of applications that are there."""

from __future__ import annotations

from typing import Any

import pytest
from holkas_compat.argocd.applicationset import jq_paths
from holkas_compat.argocd.applicationset.errors import GenerationError
from holkas_compat.argocd.applicationset.merge_patch import applied, difference
from holkas_compat.argocd.applicationset.policy import changes, desired, without_ignored


def application(name: str, *, path: str = "p", **metadata: Any) -> dict[str, Any]:
    return {"kind": "Application", "metadata": {"name": name, **metadata}, "spec": {"source": {"path": path}}}


def acts(spec: dict[str, Any], made: list[Any], live: list[Any]) -> list[tuple[str, str]]:
    return [(change.name, change.act) for change in changes(spec, made, live)]


def test_a_set_creates_updates_and_deletes_as_it_is_allowed_to() -> None:
    made = [application("new"), application("same"), application("other", path="q")]
    live = [application("same", resourceVersion="7"), application("other"), application("gone")]
    everything = [("new", "create"), ("same", "none"), ("other", "update"), ("gone", "delete")]
    assert acts({}, made, live) == everything
    for policy, kept in (
        ("sync", ()),
        ("create-only", ("other", "gone")),
        ("create-update", ("gone",)),
        ("create-delete", ("other",)),
    ):
        expected = [(name, "keep" if name in kept else act) for name, act in everything]
        assert acts({"syncPolicy": {"applicationsSync": policy}}, made, live) == expected


def test_fields_of_others_are_preserved() -> None:
    live = application(
        "a",
        annotations={"keep": "1", "drop": "2", "argocd.argoproj.io/refresh": "hard"},
        labels={"team": "x"},
        finalizers=["post-delete-finalizer.argocd.argoproj.io/cleanup", "other"],
    )
    made = application("a", annotations={"own": "3"}, finalizers=["f"])
    wanted = desired({"preservedFields": {"annotations": ["keep"], "labels": ["team"]}}, live, made)[
        "metadata"
    ]
    assert wanted["annotations"] == {"own": "3", "argocd.argoproj.io/refresh": "hard", "keep": "1"}
    assert wanted["labels"] == {"team": "x"}
    assert wanted["finalizers"] == ["f", "post-delete-finalizer.argocd.argoproj.io/cleanup"]
    assert made["metadata"]["annotations"] == {"own": "3"}


def test_ignored_places_stay_as_they_are() -> None:
    live, made = application("a", path="live"), application("a", path="made")
    made["spec"]["project"] = "new"
    for rule in ({"jsonPointers": ["/spec/source/path"]}, {"jqPathExpressions": [".spec.source.path"]}):
        wanted = desired({"ignoreApplicationDifferences": [rule]}, live, made)
        assert wanted["spec"] == {"source": {"path": "live"}, "project": "new"}
        assert desired({"ignoreApplicationDifferences": [rule | {"name": "b"}]}, live, made) == made


def test_pointers_lead_through_lists_and_nowhere() -> None:
    live, made = {"l": [{"a/b": 1}, 2]}, {"l": [{"a/b": 3}, 2]}
    assert without_ignored(live, made, [{"jsonPointers": ["/l/0/a~1b"]}]) == live
    assert without_ignored(live, made, [{"jsonPointers": ["/nope/x", "/l/9/x", "", "/l/7"]}]) == made
    assert without_ignored({"l": [1, 2]}, {"l": [1, 3]}, [{"jsonPointers": ["/l/1"]}]) == {"l": [1, 2]}


def test_an_expression_that_does_not_fit_protects_everything() -> None:
    live, made = application("a", path="live"), application("a", path="made")
    assert without_ignored(live, made, [{"jqPathExpressions": [".spec | .[0]"]}]) == live


def test_an_expression_that_is_none_or_never_ends_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(GenerationError, match="jqPathExpressions"):
        jq_paths.without([{}], [".["])
    monkeypatch.setattr(jq_paths, "SECONDS", 0.5)
    with pytest.raises(GenerationError, match="too long"):
        jq_paths.without([{"a": 1}], [".a | until(false; .)"])


def test_expressions_see_nothing_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEHEIM", "x")
    assert jq_paths.without([{"x": 1}], ['if $ENV.GEHEIM == "x" then .x else empty end']) == [{"x": 1}]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"a": 1}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 3}}),
        ({"a": [1]}, {"a": [2]}),
        ({"a": 1}, {"a": {"b": 2}}),
    ],
)
def test_a_difference_makes_one_out_of_the_other(before: Any, after: Any) -> None:
    assert applied(before, difference(before, after)) == after
