"""The contract of custom tasks."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from holkas.extensions.custom_task import (
    CustomExecution,
    CustomOutcome,
    CustomRun,
    CustomTask,
    CustomTaskRefused,
)
from holkas.pipeline.reasons import CustomRunReason
from holkas.roles.errors import ToolError

PATIENCE = 60.0
"""Seconds after which a CustomRun that should have ended counts as one that never does."""


class CustomTaskContract:
    """Override ``task``, and the runs: one that ends well by itself, one that goes on until it is told to end."""

    @pytest.fixture
    def task(self) -> CustomTask:
        """The tool under test; override this."""
        raise NotImplementedError(f"{type(self).__name__} has to override the fixture 'task'")

    @pytest.fixture
    def short_run(self) -> CustomRun:
        """A run that ends well, soon and by itself; override this."""
        raise NotImplementedError(f"{type(self).__name__} has to override the fixture 'short_run'")

    @pytest.fixture
    def long_run(self) -> CustomRun:
        """A run that goes on for hours, or until somebody does something; override this."""
        raise NotImplementedError(f"{type(self).__name__} has to override the fixture 'long_run'")

    def test_it_is_a_custom_task_with_a_name_and_kinds(self, task: CustomTask) -> None:
        assert isinstance(task, CustomTask)
        assert task.name
        assert task.capabilities, "it serves at least one kind"
        for kind in task.capabilities:
            version, slash, name = kind.rpartition("/")
            assert slash, f"{kind!r} is an apiVersion, a slash and a kind"
            assert version, f"{kind!r} has an apiVersion"
            assert name[:1].isupper(), f"{kind!r} ends with a kind"
            assert not version.startswith("tekton.dev/"), "kinds of Tekton's own group are not custom"

    def test_it_serves_the_kind_of_its_runs(
        self, task: CustomTask, short_run: CustomRun, long_run: CustomRun
    ) -> None:
        for run in (short_run, long_run):
            assert f"{run.api_version}/{run.kind}" in task.capabilities

    def test_a_run_ends_well_with_results_of_text(self, task: CustomTask, short_run: CustomRun) -> None:
        outcome = _ended(task.start(short_run))
        assert outcome.condition.status == "True"
        assert outcome.condition.reason
        assert all(isinstance(text, str) for pair in outcome.results.items() for text in pair)

    def test_a_run_that_is_cancelled_ends_as_cancelled(self, task: CustomTask, long_run: CustomRun) -> None:
        execution = task.start(long_run)
        execution.cancel("the contract wants it")
        outcome = _ended(execution)
        assert (outcome.condition.status, outcome.condition.reason) == ("False", CustomRunReason.CANCELLED)

    def test_it_may_be_cancelled_twice_and_after_its_end(
        self, task: CustomTask, short_run: CustomRun, long_run: CustomRun
    ) -> None:
        execution = task.start(long_run)
        execution.cancel("once")
        execution.cancel("twice")
        assert _ended(execution).condition.reason == CustomRunReason.CANCELLED
        ended = task.start(short_run)
        assert _ended(ended).condition.status == "True"
        ended.cancel("too late")

    def test_runs_do_not_disturb_each_other(
        self, task: CustomTask, short_run: CustomRun, long_run: CustomRun
    ) -> None:
        first = task.start(replace(long_run, name="contract-first"))
        assert _ended(task.start(replace(short_run, name="contract-second"))).condition.status == "True"
        first.cancel("the contract is over")
        assert _ended(first).condition.reason == CustomRunReason.CANCELLED

    def test_what_makes_no_sense_fails_in_one_sentence(self, task: CustomTask, short_run: CustomRun) -> None:
        strange = replace(
            short_run,
            name="contract-strange",
            params=(),
            ref_name="no-such-object",
            document=None,
            spec={"no": ["such", {"field": None}]},
        )
        try:
            execution = task.start(strange)
            execution.cancel("it may know nothing of these fields")
            text = _ended(execution).condition.message
        except (CustomTaskRefused, ToolError) as error:
            text = str(error)
        assert "\n" not in text


def _ended(execution: CustomExecution) -> CustomOutcome:
    """How it ended, waited for as holkas does: in a thread of its own."""
    found: list[CustomOutcome] = []
    thread = threading.Thread(target=lambda: found.append(execution.wait()), daemon=True)
    thread.start()
    thread.join(PATIENCE)
    assert found, "the custom task has not ended" if thread.is_alive() else "waiting for it failed"
    return found[0]
