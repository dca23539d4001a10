"""What takes events and knows how an environment is: a beginning, in memory.

It keeps the whole contract because its base is holkas's fake. Make ``Monitoring`` of
``holkas.roles.monitoring`` the base, write the methods that it asks for, then those of one capability
after the other: the tests tell what is still missing.
"""

from __future__ import annotations

from typing import ClassVar

from holkas.testing.fakes.monitoring import FakeMonitoring


class NameMonitoring(FakeMonitoring):
    """Keeps everything in memory, with every capability of the role."""

    name: ClassVar[str] = "NAME"
