"""Codes of what can be wrong with a file of task tests."""

from __future__ import annotations

from collections.abc import Mapping

from holkas.model.code import CodeDoc

UNKNOWN = "U001"
SHAPE = "U002"
TOGETHER = "U003"

CODES: Mapping[str, CodeDoc] = {
    UNKNOWN: CodeDoc(
        "unknown key in a file of task tests",
        "The file has a key that tests of tasks do not have. `holkas schema TaskTests` prints all of them.",
    ),
    SHAPE: CodeDoc(
        "a file of task tests is not written as it should be",
        "A value has the wrong type, or something that is needed is missing: a test without a name, a time that is "
        "no duration, a regular expression that cannot be read.",
    ),
    TOGETHER: CodeDoc(
        "parts of a task test do not fit together",
        "Two tests of a file have the same name, a file expects calls of a stub that the test does not have, or the "
        "path of a file leaves its workspace.",
    ),
}
