"""What brings environments into their desired state: a beginning, in memory.

It keeps the whole contract because its base is holkas's fake. Make ``AutomationAgent`` of
``holkas.roles.automation_agent`` the base, write the methods that it asks for, then those of one capability
after the other: the tests tell what is still missing.
"""

from __future__ import annotations

from typing import ClassVar

from holkas.testing.fakes.automation_agent import FakeAutomationAgent


class NameAutomationAgent(FakeAutomationAgent):
    """Keeps everything in memory, with every capability of the role."""

    name: ClassVar[str] = "NAME"
