"""Glue: the local automation agent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from holkas.plugins import Provider, hookimpl, made_by

if TYPE_CHECKING:
    from holkas.roles.automation_agent import AutomationAgent

OPTIONS_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "directory": {
            "type": "string",
            "minLength": 1,
            "description": "Where environments without a destination lie, relative to the project; below the state "
            "without it.",
        },
        "keep": {
            "type": "integer",
            "minimum": 1,
            "description": "How many releases an environment keeps, the present one among them; 5 without it.",
        },
    },
}


@hookimpl
def holkas_automation_agents() -> Iterable[Provider[AutomationAgent]]:
    """This machine."""
    yield Provider(
        name="local",
        summary="Deploys to a directory of this machine and keeps a process of the release running.",
        make=made_by("holkas_builtin.agent.agent:LocalAgent"),
        capabilities=frozenset({"rollback", "drift", "provision", "backup", "operations"}),
        options_schema=OPTIONS_SCHEMA,
    )
