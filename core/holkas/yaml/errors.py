"""What reading and editing YAML can raise."""

from __future__ import annotations

from holkas.model.finding import Finding


class YamlError(Exception):
    """The text cannot be read. ``finding`` has the code, the message and the place with line and column."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding)
        self.finding = finding

    def __str__(self) -> str:
        place = self.finding.place
        return f"{place.source}:{place.line}:{place.column}: {self.finding.message}"


class EditError(Exception):
    """An edit was refused: the place does not exist, or more than the place would have changed."""
