"""A secret value that cannot be printed by accident."""

from __future__ import annotations


class Secret:
    """Bytes that show as ``***`` in every text form; :meth:`reveal` is called only at the boundary that needs them."""

    __slots__ = ("_value",)

    def __init__(self, value: bytes | str) -> None:
        self._value = value.encode() if isinstance(value, str) else bytes(value)

    def reveal(self) -> bytes:
        """The value itself."""
        return self._value

    def reveal_text(self) -> str:
        """The value as UTF-8 text; bytes that are not are replaced."""
        return self._value.decode("utf-8", "replace")

    def __str__(self) -> str:
        return "***"

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        return format("***", spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a Secret is not pickled")
