"""The fake custom task passes the contract, and the contract finds what is wrong with others."""

from __future__ import annotations

from dataclasses import replace

import pytest
from holkas.extensions.custom_task import CustomOutcome, CustomRun
from holkas.model.param import Param
from holkas.testing.contracts import custom_task
from holkas.testing.contracts.custom_task import CustomTaskContract
from holkas.testing.fakes.custom_task import FakeCustomTask

RUN = CustomRun(name="contract", api_version="fake.holkas.dev/v1", kind="Fake")
SHORT = replace(RUN, params=(Param(name="result-a", value="1"),))
LONG = replace(RUN, params=(Param(name="hold", value="true"),))


class TestFakeCustomTask(CustomTaskContract):
    @pytest.fixture
    def task(self):
        return FakeCustomTask()

    @pytest.fixture
    def short_run(self):
        return SHORT

    @pytest.fixture
    def long_run(self):
        return LONG


class _Nameless(FakeCustomTask):
    capabilities = frozenset()


class _OfTekton(FakeCustomTask):
    capabilities = frozenset({"tekton.dev/v1/Task"})


class _OfAnother(FakeCustomTask):
    capabilities = frozenset({"other.dev/v1/Other"})


class _Wrapped:
    def __init__(self, execution):
        self.execution = execution

    def wait(self):
        return self.execution.wait()

    def cancel(self, message):
        self.execution.cancel(message)


class _Deaf(FakeCustomTask):
    def start(self, run):
        going = _Wrapped(super().start(run))
        going.cancel = lambda message: None
        return going


class _Well(FakeCustomTask):
    """Says of what was cancelled that it ended well."""

    def start(self, run):
        going = _Wrapped(super().start(run))
        going.wait = lambda: (going.execution.wait(), CustomOutcome.succeeded())[1]
        return going


class _Numbers(FakeCustomTask):
    def start(self, run):
        going = _Wrapped(super().start(run))
        going.wait = lambda: CustomOutcome.succeeded({"a": 1})
        return going


class _Wordy(FakeCustomTask):
    def start(self, run):
        going = _Wrapped(super().start(run))
        going.wait = lambda: CustomOutcome.failed("one line\nand a second")
        return going


class _Breaks(FakeCustomTask):
    def start(self, run):
        going = _Wrapped(super().start(run))
        going.wait = lambda: [][0]
        return going


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize(
    ("faulty", "check"),
    [
        (_Nameless, "test_it_is_a_custom_task_with_a_name_and_kinds"),
        (_OfTekton, "test_it_is_a_custom_task_with_a_name_and_kinds"),
        (_OfAnother, "test_it_serves_the_kind_of_its_runs"),
        (_Numbers, "test_a_run_ends_well_with_results_of_text"),
        (_Breaks, "test_a_run_ends_well_with_results_of_text"),
        (_Deaf, "test_a_run_that_is_cancelled_ends_as_cancelled"),
        (_Well, "test_a_run_that_is_cancelled_ends_as_cancelled"),
        (_Well, "test_it_may_be_cancelled_twice_and_after_its_end"),
        (_Deaf, "test_runs_do_not_disturb_each_other"),
        (_Wordy, "test_what_makes_no_sense_fails_in_one_sentence"),
    ],
)
def test_the_contract_finds_faults(faulty, check, monkeypatch):
    monkeypatch.setattr(custom_task, "PATIENCE", 0.2)
    asked = {
        "task": faulty(),
        "short_run": SHORT,
        "long_run": LONG,
    }
    method = getattr(CustomTaskContract, check)
    names = method.__code__.co_varnames[1 : method.__code__.co_argcount]
    with pytest.raises(AssertionError):
        method(CustomTaskContract(), **{name: asked[name] for name in names})
