"""What a file of task tests says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from holkas.model.value import Value
from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What is expected of a text, or with ``equals`` of any result. All that is given must hold.

    equals: None for anything. contains, excludes: parts. matches: a regular expression that is found in the text.
    exists: of a file; False expects that it is not there.
    """

    equals: Value | None = None
    contains: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    matches: str = ""
    exists: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a stub prints and how it ends where its arguments, joined by blanks, fit a pattern with ``*`` and ``?``."""

    arguments: str = "*"
    stdout: str = ""
    stderr: str = ""
    exit_code: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stub:
    """A program that stands for a tool. The first reply that fits is taken, else the script runs, else ``usual``."""

    name: str
    replies: tuple[Reply, ...] = ()
    script: str = ""
    usual: Reply = field(default_factory=Reply)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedStep:
    """What is expected of a step; None for anything. skipped: whether it did not run."""

    exit_code: int | None = None
    skipped: bool | None = None
    reason: str = ""
    results: Mapping[str, Match] = field(default_factory=dict)
    log: Match = field(default_factory=Match)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedCalls:
    """Calls of one stub: each as its arguments, or as what their text must be; None for any. times: how many."""

    calls: tuple[tuple[str, ...] | Match, ...] | None = None
    times: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What is expected of a run; ``status`` is ``Succeeded`` or ``Failed``. files: by workspace and path."""

    status: str = "Succeeded"
    reason: str = ""
    message: Match = field(default_factory=Match)
    results: Mapping[str, Match] = field(default_factory=dict)
    steps: Mapping[str, ExpectedStep] = field(default_factory=dict)
    log: Match = field(default_factory=Match)
    files: Mapping[str, Mapping[str, Match]] = field(default_factory=dict)
    stubs: Mapping[str, ExpectedCalls] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a workspace holds when the task begins: a directory that is copied, then files by their paths."""

    directory: Path | None = None
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One test. timeout: seconds. line: where it begins in its file. skip: why it is not run, empty when it is."""

    name: str
    task: str = ""
    params: Mapping[str, Value] = field(default_factory=dict)
    workspaces: Mapping[str, Content] = field(default_factory=dict)
    stubs: tuple[Stub, ...] = ()
    config_maps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    secrets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    timeout: float = 600.0
    expected: Expected = field(default_factory=Expected)
    skip: str = ""
    line: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TestFile:
    """Tests of one file, and the files that hold the tasks."""

    __test__ = False  # no class of tests, in pytest's eyes

    name: str
    manifests: tuple[Path, ...]
    cases: tuple[Case, ...]
