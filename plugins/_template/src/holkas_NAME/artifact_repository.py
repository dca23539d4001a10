"""What keeps what was built: a beginning, in memory.

It keeps the whole contract because its base is holkas's fake. Make ``ArtifactRepository`` of
``holkas.roles.artifact_repository`` the base, write the methods that it asks for, then those of one
capability after the other: the tests tell what is still missing.
"""

from __future__ import annotations

from typing import ClassVar

from holkas.testing.fakes.artifact_repository import FakeArtifactRepository


class NameArtifactRepository(FakeArtifactRepository):
    """Keeps everything in memory, with every capability of the role."""

    name: ClassVar[str] = "NAME"
