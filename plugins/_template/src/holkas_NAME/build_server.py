"""What runs pipelines: a beginning, in memory.

It keeps the whole contract because its base is holkas's fake. Make ``BuildServer`` of
``holkas.roles.build_server`` the base, write the methods that it asks for, then those of one capability
after the other: the tests tell what is still missing.
"""

from __future__ import annotations

from typing import ClassVar

from holkas.testing.fakes.build_server import FakeBuildServer


class NameBuildServer(FakeBuildServer):
    """Keeps everything in memory, with every capability of the role."""

    name: ClassVar[str] = "NAME"
