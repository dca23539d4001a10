"""What holds for a tool of any role."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import pytest

from holkas.roles.errors import Unsupported
from holkas.roles.role import Role

Needs = Callable[[str], None]
"""Skips a test of a capability that the tool has not got."""


class RoleContract:
    """The base of all contracts.

    role: the abstract class. behind: capability → calls of its methods with arguments of the right types,
    made only on tools without the flag.
    """

    role: ClassVar[type[Role]] = Role
    behind: ClassVar[Mapping[str, tuple[Callable[[Any], object], ...]]] = {}

    @pytest.fixture
    def tool(self) -> Any:
        """The tool under test, ready for use; override this."""
        raise NotImplementedError(f"{type(self).__name__} has to override the fixture 'tool'")

    @pytest.fixture
    def needs(self, tool: Any) -> Needs:
        """Skips a test of a capability that the tool has not got."""

        def needs(capability: str) -> None:
            if capability not in tool.capabilities:
                pytest.skip(f"{tool.name or type(tool).__name__} has no capability {capability!r}")

        return needs

    def test_it_is_of_its_role(self, tool: Any) -> None:
        assert isinstance(tool, self.role)
        assert tool.name, "a tool has the name of its provider"

    def test_its_capabilities_are_flags_of_the_role(self, tool: Any) -> None:
        assert tool.capabilities <= self.role.known_capabilities

    def test_a_method_without_its_capability_says_so(self, tool: Any) -> None:
        for capability, calls in self.behind.items():
            if capability in tool.capabilities:
                continue
            for call in calls:
                with pytest.raises(Unsupported, match=capability):
                    call(tool)

    def test_a_capability_has_its_methods(self, tool: Any) -> None:
        for capability, calls in self.behind.items():
            if capability not in tool.capabilities:
                continue
            for call in calls:
                for method in call.__code__.co_names:
                    own = getattr(type(tool), method, None)
                    assert own is None or own is not getattr(self.role, method, object()), (
                        f"{method} is behind {capability!r}, which the tool claims, and is not implemented"
                    )

    def test_nothing_is_wrong_with_a_tool_that_works(self, tool: Any) -> None:
        assert tool.fault() == ""
