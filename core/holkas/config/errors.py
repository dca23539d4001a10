"""What is wrong with the configuration."""

from __future__ import annotations

from collections.abc import Sequence

from holkas.model.code import CodeDoc
from holkas.model.finding import Finding


class ConfigError(Exception):
    """The configuration cannot be used; all findings at once."""

    exit_code = 2

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(finding.message for finding in findings))
        self.findings = tuple(findings)


CODES = {
    "C001": CodeDoc(
        "unknown setting",
        "holkas.yaml or --config names a setting that does not exist. "
        "`holkas schema` prints all settings, those of the installed plugins included.",
    ),
    "C002": CodeDoc(
        "a setting has the wrong type",
        "The value of a setting is not of the type that the setting wants: a number where a text stands, "
        "a text where a mapping is wanted.",
    ),
    "C003": CodeDoc(
        "a setting has a value that is not allowed",
        "The setting takes one of a few values, or a number in a range; the message names them.",
    ),
}
