"""jq expressions of ignoreDifferences that may take long are worked out in a process of their own."""

import pytest
from holkas.gitops.diff import CompareSettings, IgnoreRuleError, compare, respecting_ignored
from holkas.model.application import IgnoreDifference
from holkas_compat.argocd.rendering.jq_places import JqWorker

pytest.importorskip("jq", reason="needs the library jq")

WALKING = 'paths(type == "string" and test("made")) as $p | getpath($p)'
TARGET = {
    "kind": "ConfigMap",
    "apiVersion": "v1",
    "metadata": {"name": "c"},
    "data": {"a": "1", "g": "made up"},
}
LIVE = {**TARGET, "data": {"a": "1", "g": "made by another"}}


@pytest.fixture
def worker():
    made = JqWorker()
    yield made
    made.close()


def rules(expression):
    return (IgnoreDifference(kind="ConfigMap", jq_path_expressions=(expression,)),)


def test_expressions_with_loops_count(worker):
    assert compare(TARGET, LIVE, CompareSettings(ignore=rules(WALKING), jq=worker)).modified is False
    assert compare(TARGET, LIVE, CompareSettings(ignore=rules("walk(.)"), jq=worker)).modified is True
    assert respecting_ignored(TARGET, LIVE, rules(WALKING), worker)["data"]["g"] == "made by another"
    assert compare(TARGET, None, CompareSettings(ignore=rules(WALKING), jq=worker)).predicted["data"] == {
        "a": "1"
    }


def test_without_a_worker_they_are_refused():
    with pytest.raises(IgnoreRuleError, match="does more than name a place"):
        compare(TARGET, LIVE, CompareSettings(ignore=rules(WALKING)))


def test_what_only_names_a_place_starts_no_process(worker, monkeypatch):
    monkeypatch.setattr(JqWorker, "__call__", lambda *_: pytest.fail("the worker was asked"))
    assert compare(TARGET, LIVE, CompareSettings(ignore=rules(".data.g"), jq=worker)).modified is False


@pytest.mark.parametrize("expression", ["getpath(", "nothing_of_this(range(1))"])
def test_what_is_no_expression_is_told(worker, expression):
    with pytest.raises(IgnoreRuleError, match="none that jq understands"):
        worker(expression, TARGET)


def test_what_does_not_fit_or_names_no_place_names_nothing(worker):
    assert worker("range(3)", TARGET) == []
    assert worker(".kind | getpath([0])", TARGET) == []


def test_what_never_ends_is_ended_and_the_next_one_works():
    worker = JqWorker(seconds=1.0)
    try:
        with pytest.raises(IgnoreRuleError, match="takes too long"):
            worker("last(repeat(.))", TARGET)
    finally:
        worker.close()


def test_the_renderer_has_one_until_it_is_closed(project):
    renderer = project({"a": "x"}).renderer()
    jq = renderer.jq_places()
    assert renderer.jq_places() is jq
    assert jq('getpath(["data", "a"])', TARGET) == [("data", "a")]
    renderer.close()
    assert renderer.jq_places() is not jq
    renderer.close()
