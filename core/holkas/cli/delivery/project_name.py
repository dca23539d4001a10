"""The name under which the ledger knows the project of a directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from holkas.cli.app import App

if TYPE_CHECKING:
    from holkas.state.ledger import Ledger


def project_name(app: App, ledger: Ledger) -> str:
    """By its directory where it has delivered before, else as holkas.yaml says. Raises ConfigError."""
    for _, row in ledger.views("project/"):
        if row["directory"] == str(app.project):
            return str(row["project"])
    from holkas.cli.delivery.session import definition

    return definition(app).name
