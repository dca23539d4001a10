"""Notices as messages of the services that apprise knows."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any, ClassVar

from holkas.extensions.notice_wording import as_text
from holkas.extensions.notifier import Notifier
from holkas.model.notice import Notice, NoticeKind
from holkas.roles.errors import AccessDenied, Retryable, ToolError

_TYPES = {
    NoticeKind.FAILURE: "failure",
    NoticeKind.RECOVERY: "success",
    NoticeKind.APPROVAL: "warning",
    NoticeKind.INFORMATION: "info",
}
_REMEMBERED = 1000
"""Notices of which is known who has taken them."""


class AppriseNotifier(Notifier):
    """Sends each notice to every service. ``environ``: where the variables of ``url-variables`` are looked up."""

    name: ClassVar[str] = "apprise"

    def __init__(self, options: Mapping[str, Any], environ: Mapping[str, str] = os.environ) -> None:
        self._urls: Sequence[str] = tuple(options.get("urls", ()))
        self._variables: Sequence[str] = tuple(options.get("url-variables", ()))
        self._environ = environ
        self._taken: OrderedDict[str, set[int]] = OrderedDict()
        self._lock = Lock()

    def notify(self, notice: Notice) -> None:
        """Send it to those who have not taken it. Raises Retryable naming the services that did not."""
        services = self._services()
        with self._lock:
            taken = self._taken.setdefault(notice.id, set())
            while len(self._taken) > _REMEMBERED:
                self._taken.popitem(last=False)
        left = []
        for number, service in enumerate(services):
            if number in taken:
                continue
            if service.notify(
                title=_line(notice.subject), body=_body(notice), notify_type=_TYPES[notice.kind]
            ):
                taken.add(number)
            else:
                left.append(service.url(privacy=True).partition("?")[0])
        if left:
            raise Retryable(f"the notice is not taken by {_line(', '.join(left))}")

    def _services(self) -> list[Any]:
        """What apprise makes of the addresses. Raises AccessDenied for a variable that is not set, ToolError."""
        import logging

        from apprise import Apprise

        # What apprise logs may hold more of an address than people may see.
        logging.getLogger("apprise").disabled = True
        found = []
        for where, address in self._addresses():
            service = Apprise.instantiate(address, suppress_exceptions=True)
            if service is None:
                raise ToolError(
                    f"{where} is no address of a service", hint="see apprise's wiki for how they are written"
                )
            found.append(service)
        if not found:
            raise ToolError("no service is named", hint="name one by url-variables or urls")
        return found

    def _addresses(self) -> list[tuple[str, str]]:
        """What a message may call each, and the address."""
        found = [(f"number {number} of urls", url) for number, url in enumerate(self._urls, 1)]
        for variable in self._variables:
            given = self._environ.get(variable, "").split()
            if not given:
                raise AccessDenied(f"the service's address is wanted from ${variable}, which is not set")
            found += [(f"${variable}", address) for address in given]
        return found


def _body(notice: Notice) -> str:
    """The notice's text, and whom it concerns: a chat does not know its readers by their addresses."""
    names = [person.name or person.email for person in notice.recipients]
    text = as_text(notice) + (f"\nfor {', '.join(names)}\n" if names else "")
    return "".join(char for char in _text(text) if char.isprintable() or char in "\n\t")


def _line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in _text(text)).split())


def _text(text: str) -> str:
    """Without halves of characters, which no service takes."""
    return text.encode("utf-8", "replace").decode()
