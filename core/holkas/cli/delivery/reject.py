"""``holkas reject``."""

from __future__ import annotations

from holkas.cli.delivery.deciding import decision

command = decision(
    "reject",
    "Stop a delivery before the gate of an environment.",
    lambda project, environment, who, number, why: project.reject(
        environment, who, number=number, comment=why
    ),
)
