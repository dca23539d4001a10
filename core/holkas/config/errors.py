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
    "C004": CodeDoc(
        "holkas.yaml leaves out something that is needed",
        "A part of the file says less than it must: an artifact without a path, a pipeline without a file, a "
        "project without environments. The message names what is missing; the reference of the configuration "
        "shows each part.",
    ),
    "C005": CodeDoc(
        "Two parts of holkas.yaml do not fit together",
        "A name stands twice, names something that does not exist, or a number cannot be reached: more approvals "
        "than approvers, an end before a beginning.",
    ),
    "C006": CodeDoc(
        "There is no holkas.yaml",
        "Deliveries need a project: a file `holkas.yaml` here or in a directory above, up to the root of the git "
        "repository, that names artifacts and environments.",
    ),
}
