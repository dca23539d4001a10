"""What keeps the history of files: a beginning, in memory.

It keeps the whole contract because its base is holkas's fake. Make ``VersionControl`` of
``holkas.roles.version_control`` the base, write the methods that it asks for, then those of one capability
after the other: the tests tell what is still missing.
"""

from __future__ import annotations

from typing import ClassVar

from holkas.testing.fakes.version_control import FakeVersionControl


class NameVersionControl(FakeVersionControl):
    """Keeps everything in memory, with every capability of the role."""

    name: ClassVar[str] = "NAME"
