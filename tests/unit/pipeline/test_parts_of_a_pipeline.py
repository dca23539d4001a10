"""Which tasks run when a part of a pipeline is asked for."""

from __future__ import annotations

import pytest
from holkas.model.param import Param
from holkas.model.pipeline import PipelineSpec, PipelineTask
from holkas.model.record import Condition
from holkas.model.reference import Reference
from holkas.model.run import PipelineRun
from holkas.model.workspace import PipelineTaskWorkspace
from holkas.pipeline.progress import Progress, RunFacts
from holkas.pipeline.reasons import SkipReason
from holkas.pipeline.selection import NothingSelected, UnknownTask, pipeline_of, select
from hypothesis import given
from hypothesis import strategies as st


def task(name, after=(), needs=(), shares=()):
    return PipelineTask(
        name=name,
        ref=Reference(name="t"),
        run_after=tuple(after),
        params=tuple(Param(name=f"p-{need}", value=f"$(tasks.{need}.results.r)") for need in needs),
        workspaces=tuple(PipelineTaskWorkspace(name="w", workspace=name) for name in shares),
    )


SPEC = PipelineSpec(
    tasks=(
        task("a", shares=["src"]),
        task("b", after=["a"], shares=["src", "own"]),
        task("c", needs=["a"]),
        task("d", after=["b"], needs=["c"]),
    ),
    finally_=(task("y", needs=["b"]), task("z")),
)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ({"only": ["b"]}, "b"),
        ({"only": ["b", "z"]}, "bz"),
        ({"from_": ["b"]}, "bdyz"),
        ({"from_": ["b", "c"]}, "bcdyz"),
        ({"from_": ["z"]}, "z"),
        ({"until": ["c"]}, "ac"),
        ({"until": ["z"]}, "abcdz"),
        ({"until": ["b", "y"]}, "abcdy"),
        ({"from_": ["b"], "until": ["d"]}, "bd"),
        ({"from_": ["b"], "until": ["z"]}, "bdz"),
        ({"from_": ["b"], "until": ["b"], "only": ["y"]}, "by"),
    ],
)
def test_a_part(words, wanted):
    selection = select(SPEC, **words)
    assert "".join(selection.wanted) == wanted
    assert set(selection.left_out) == set("abcdyz") - set(wanted)


def test_what_is_needed_from_elsewhere():
    assert select(SPEC, from_=["d"]).needed == (("c", "r"), ("b", "r"))
    assert select(SPEC, until=["d"]).needed == ()
    assert select(SPEC, only=["b"]).sharing == {"src": ("a",)}


def test_names_that_are_wrong():
    with pytest.raises(UnknownTask) as caught:
        select(SPEC, only=["x"])
    assert caught.value.names == list("abcdyz")
    with pytest.raises(NothingSelected):
        select(SPEC, from_=["c"], until=["b"])


NAMES = st.lists(st.sampled_from("abcdyz"), max_size=3)


@given(NAMES, NAMES, NAMES)
def test_a_part_runs_and_ends(only, from_, until):
    try:
        selection = select(SPEC, only=only, from_=from_, until=until)
    except NothingSelected:
        return
    assert set(only) <= set(selection.wanted)
    assert {*selection.wanted, *selection.left_out} == set("abcdyz")
    left_out = {name: {"r": "given"} for name in selection.left_out}
    progress = Progress(SPEC, RunFacts(run_name="run", left_out=left_out))
    decisions = [progress.begin(0.0)]
    ran = []
    waiting = list(decisions[0].launch)
    while waiting:
        launch = waiting.pop(0)
        ran.append(launch.pipeline_task.name)
        for param in launch.params:
            assert param.value == ("given" if param.name[2:] in left_out else "made")
        from holkas.model.param import Result

        done = Condition(status="True", reason="Succeeded")
        decision = progress.task_done(launch.name, done, [Result(name="r", value="made")], now=0.0)
        decisions.append(decision)
        waiting += decision.launch
    assert sorted(ran) == sorted(selection.wanted)
    skipped = [(skip.name, skip.reason) for decision in decisions for skip in decision.skipped]
    assert sorted(skipped) == sorted((name, SkipReason.LEFT_OUT) for name in left_out)
    assert progress.conclusion is not None
    assert progress.conclusion.condition.reason == ("Completed" if left_out else "Succeeded")


def test_a_left_out_result_that_nobody_gives_is_a_failure_and_not_a_hang():
    progress = Progress(SPEC, RunFacts(run_name="run", left_out={"a": {}, "b": {}, "d": {}}))
    decision = progress.begin(0.0)
    assert decision.launch
    assert all(launch.is_finally for launch in decision.launch)


def test_a_left_out_task_stays_so_when_the_run_stops():
    progress = Progress(SPEC, RunFacts(run_name="run", left_out={"d": {}}))
    (launch,) = progress.begin(0.0).launch
    decision = progress.task_done(launch.name, Condition(status="False", reason="Failed"), now=0.0)
    reasons = {skip.name: skip.reason for skip in decision.skipped}
    assert reasons["d"] == SkipReason.LEFT_OUT
    assert reasons["b"] == SkipReason.STOPPING


def test_runs_of_one_pipeline_are_known_by_its_name():
    assert pipeline_of(PipelineRun(name="r", ref=Reference(name="p"))) == "p"
    assert pipeline_of(PipelineRun(name="r-x1", metadata={"generateName": "r-"})) == "r-"
    assert pipeline_of(PipelineRun(name="r")) == "r"
