"""What holds for every pipeline, and how the work grows with its size."""

from __future__ import annotations

import sys
from collections import deque
from typing import Any

import pytest
from holkas.model.pipeline import PipelineSpec
from holkas.model.when import When
from hypothesis import given
from hypothesis import strategies as st

from tests.pipeline_runs import FAILED, NEVER, SUCCEEDED, Drive, Outcome, pipeline, task


@st.composite
def cases(draw: st.DrawFn) -> tuple[PipelineSpec, dict[str, Outcome], list[int]]:
    size = draw(st.integers(1, 10))
    tasks = []
    for node in range(size):
        before = [f"t{other}" for other in range(node)]
        after = draw(st.sets(st.sampled_from(before), max_size=3)) if before else set()
        used = draw(st.sets(st.sampled_from(before), max_size=2)) if before else set()
        matrixed = draw(st.sampled_from([None, None, None, {"m": ("1", "2")}, {"m": ()}]))
        when: When | None = NEVER if draw(st.integers(0, 4)) == 0 else None
        params = {f"p-{name}": f"$(tasks.{name}.results.r)" for name in used}
        on_error = draw(st.sampled_from(["", "", "continue"]))
        tasks.append(task(f"t{node}", *after, when=when, matrix=matrixed, on_error=on_error, **params))
    names = [each.name for each in tasks]
    last = [task("f0"), task("f1", x=f"$(tasks.{draw(st.sampled_from(names))}.results.r)")]
    outcome = st.sampled_from([(SUCCEEDED, {"r": "v"}), (SUCCEEDED, {"r": "v"}), SUCCEEDED, FAILED])
    children = [*names, *(f"{name}-{index}" for name in names for index in (0, 1)), "f0", "f1"]
    outcomes: dict[str, Outcome] = {name: draw(outcome) for name in children}
    order = draw(st.permutations(range(len(tasks))))
    return (
        pipeline(*(tasks[number] for number in order), last=last),
        outcomes,
        draw(st.lists(st.integers(0, 9))),
    )


@given(cases())
def test_every_run_ends_and_nothing_starts_too_early(
    case: tuple[PipelineSpec, dict[str, Outcome], list[int]],
) -> None:
    spec, outcomes, picks = case
    drive = Drive(spec, outcomes)
    drive.begin()
    over: set[str] = set()
    parents = {each.name: set(each.run_after) for each in spec.tasks}
    choices = deque(picks)
    for decision in drive.decisions:
        check_parents(drive, decision.launch, parents, over)
    while drive.running:
        index = choices.popleft() % len(drive.running) if choices else 0
        name = drive.running[index]
        decision = drive.done(name)
        over |= {
            launch.pipeline_task.name
            for child, launch in drive.launched.items()
            if child not in drive.running
        }
        check_parents(drive, decision.launch, parents, over)
    conclusion = drive.progress.conclusion
    assert conclusion is not None
    started = {launch.pipeline_task.name for launch in drive.launched.values()}
    skipped = {each.name for each in conclusion.skipped}
    everything = {each.name for each in (*spec.tasks, *spec.finally_)}
    assert not started & skipped
    assert started | skipped <= everything
    # What neither started nor was skipped could not be run for want of a result, and the run says so.
    left = everything - started - skipped
    assert bool(left) == ("Failed Validation" in conclusion.condition.message)
    assert "f0" in started
    announced = [each.name for decision in drive.decisions for each in decision.skipped]
    assert len(announced) == len(set(announced))
    assert skipped <= set(announced)
    assert sum(decision.conclusion is not None for decision in drive.decisions) == 1


def check_parents(drive: Drive, launches: Any, parents: dict[str, set[str]], over: set[str]) -> None:
    skipped = {each.name for decision in drive.decisions for each in decision.skipped}
    for launch in launches:
        assert parents.get(launch.pipeline_task.name, set()) <= over | skipped


def calls_of_a_run(spec: PipelineSpec) -> int:
    """How many functions, of Python and of C, are called while a pipeline runs."""
    count = 0

    def watch(frame: Any, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(watch)
    try:
        drive = Drive(spec)
        drive.begin()
        running = deque(drive.running)
        while running:
            drive.running = [running.popleft()]
            decision = drive.done(drive.running[0])
            running.extend(launch.name.removeprefix("run-") for launch in decision.launch)
    finally:
        sys.setprofile(None)
    assert drive.progress.conclusion is not None
    assert len(drive.launched) == len(spec.tasks)
    return count


def chain(size: int) -> PipelineSpec:
    return pipeline(*(task(f"t{n}", *([f"t{n - 1}"] if n else [])) for n in range(size)))


def fan(size: int) -> PipelineSpec:
    return pipeline(task("t0"), *(task(f"t{n}", "t0") for n in range(1, size - 1)), task("end", "t1"))


@pytest.mark.parametrize("shape", [chain, fan], ids=["chain", "fan"])
def test_work_is_proportional_to_the_size(shape: Any) -> None:
    small, large = calls_of_a_run(shape(1000)), calls_of_a_run(shape(10_000))
    assert large < 12 * small
