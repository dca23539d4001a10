"""Runs the contract of a hook on a tool that a provider makes, and says how each test ended.

pytest runs the tests, in this process and without the plugins and settings that it would otherwise find.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from holkas.plugins.hooks import HookName
from holkas.records import dataclass
from holkas.testing.kits import KITS, Kit

_MODULE = "from holkas.testing import verifying\n\nTestTool = verifying.current()\n"
_PLUGINS = ("holkas.testing.pytest_plugin", "no:cacheprovider", "no:terminal", "no:faulthandler")
_running: list[Callable[[], type]] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """``contract``: what must hold, in words. ``outcome``: ``passed``, ``failed`` or ``skipped``, with the reason."""

    contract: str
    outcome: str
    reason: str = ""


class UnknownAttribute(ValueError):
    """The contract does not ask for something of that name."""


def fault(hook: HookName, tool: Any) -> str:
    """Why a tool does not work here; empty where it does, or cannot say."""
    method = KITS[hook].fault
    return str(getattr(tool, method)()) if method else ""


def in_the_way(hook: HookName, tool: Any) -> list[str]:
    """What is stored under the names that the contract uses, and would be removed."""
    return KITS[hook].stored(tool)


def close(tool: Any) -> None:
    """Give back what a tool holds; not every kind of tool holds anything."""
    end = getattr(tool, "close", None)
    if end is not None:
        end()


def verified(hook: HookName, make: Callable[[Path], Any], given: Mapping[str, str]) -> list[Outcome]:
    """How each test of the contract ended.

    make: gives a new tool, with a directory for its state. given: attributes of the contract, as ``signing_key``;
    what needs one that is not given is skipped. Raises UnknownAttribute.
    """
    kit = KITS[hook]
    for attribute in given.keys() - kit.given.keys():
        raise UnknownAttribute(f"the contract of {hook} does not ask for {attribute!r}")

    @pytest.fixture
    def tool(self: Any, tmp_path: Path) -> Iterator[Any]:
        made = make(tmp_path / "state-of-the-tool")
        try:
            kit.clean(made)
            yield made
            kit.clean(made)
        finally:
            close(made)

    def contract() -> type:
        # Imported by what pytest collects, and so after pytest has learned to show its assertions' values.
        module, _, name = kit.contract.partition(":")
        base = getattr(import_module(f"holkas.testing.contracts.{module}"), name)
        return type("TestTool", (base,), {kit.fixture: tool, **_attributes(kit, given)})

    recorder = _Recorder()
    _running.append(contract)
    try:
        with tempfile.TemporaryDirectory(prefix="holkas-verify-") as directory, _alone():
            place = Path(directory)
            (place / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
            (place / "test_contract.py").write_text(_MODULE, encoding="utf-8")
            words = [word for name in _PLUGINS for word in ("-p", name)]
            words += [
                "--noconftest",
                "-c",
                str(place / "pytest.ini"),
                "--rootdir",
                directory,
                "--basetemp",
                str(place / "tmp"),
            ]
            pytest.main(
                [*words, "--import-mode=importlib", str(place / "test_contract.py")], plugins=[recorder]
            )
    finally:
        _running.pop()
    return list(recorder.outcomes.values())


def current() -> type:
    """The class that is verified now; for the module that pytest collects."""
    return _running[-1]()


class _Recorder:
    """A plugin of pytest that keeps how tests ended."""

    def __init__(self) -> None:
        self.outcomes: dict[str, Outcome] = {}

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A contract that cannot be read is a failure, and not a list of nothing."""
        if report.failed:
            self.outcomes[report.nodeid] = Outcome(
                contract="the contract is read", outcome="failed", reason=_reason(report)
            )

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Once each for what comes before, the test, and what comes after."""
        contract = report.nodeid.rpartition("::test_")[2].replace("_", " ")
        reason = _reason(report)
        if report.failed and report.when == "setup" and reason.startswith("NotImplementedError"):
            reason = f"only the plugin's own tests can do this: {reason.partition(': ')[2]}"
            self.outcomes[report.nodeid] = Outcome(contract=contract, outcome="skipped", reason=reason)
        elif report.failed:
            self.outcomes[report.nodeid] = Outcome(contract=contract, outcome="failed", reason=reason)
        elif report.skipped:
            self.outcomes[report.nodeid] = Outcome(contract=contract, outcome="skipped", reason=reason)
        elif report.when == "call":
            self.outcomes[report.nodeid] = Outcome(contract=contract, outcome="passed")


def _reason(report: Any) -> str:
    said = report.longrepr
    if isinstance(said, tuple):
        return str(said[2]).removeprefix("Skipped: ")
    crash = getattr(said, "reprcrash", None)
    text = str(crash.message if crash is not None else said or "")
    return text.strip().partition("\n")[0]


def _attributes(kit: Kit, given: Mapping[str, str]) -> dict[str, str | bool]:
    """What was given, and what counts without it. A flag is on, unless it says no."""
    return {
        name: without
        if name not in given
        else given[name].lower() not in ("no", "false", "0")
        if isinstance(without, bool)
        else given[name]
        for name, without in kit.given.items()
    }


@contextmanager
def _alone() -> Iterator[None]:
    """pytest as it is, without what the user's environment adds to it."""
    before = {name: os.environ.pop(name, None) for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")}
    before["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
