"""A notifier that keeps what it is given."""

from __future__ import annotations

from typing import ClassVar

from holkas.extensions.notifier import Notifier
from holkas.model.notice import Notice
from holkas.roles.errors import Retryable


class FakeNotifier(Notifier):
    """``notices`` by id, in the order in which they came. While ``down`` is true it raises Retryable."""

    name: ClassVar[str] = "fake"

    def __init__(self) -> None:
        self.notices: dict[str, Notice] = {}
        self.down = False

    def notify(self, notice: Notice) -> None:
        if self.down:
            raise Retryable("the channel is down")
        self.notices.setdefault(notice.id, notice)
