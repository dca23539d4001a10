"""``holkas approve``."""

from __future__ import annotations

from holkas.cli.delivery.deciding import decision

command = decision(
    "approve",
    "Let a delivery through the gate of an environment, and go on with it.",
    lambda project, environment, who, number, why: project.approve(
        environment, who, number=number, comment=why
    ),
)
