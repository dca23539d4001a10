"""Notices as signed POST requests.

``X-Holkas-Signature-256: sha256=HEX`` is the HMAC-SHA256 of the body, as GitHub signs its webhooks; ``X-Holkas-Notice``
the notice's id, so that a receiver can leave out what it has seen. Redirects are not followed: they would take the
text to where nobody said that it may go.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import urllib.error
import urllib.request
from collections.abc import Mapping
from email.message import Message
from http.client import HTTPException
from typing import IO, Any, ClassVar
from urllib.parse import urlsplit

from holkas import __version__
from holkas.extensions.notice_wording import as_json
from holkas.extensions.notifier import Notifier
from holkas.model.notice import Notice
from holkas.roles.errors import AccessDenied, NotFound, Retryable, ToolError

_LATER = frozenset({408, 425, 429})


class WebhookNotifier(Notifier):
    """Posts JSON to one URL. Tries once: the core repeats what may work later."""

    name: ClassVar[str] = "webhook"

    def __init__(self, options: Mapping[str, Any], environ: Mapping[str, str] = os.environ) -> None:
        self._url = str(options["url"])
        self._timeout = float(options.get("timeout", 20.0))
        variable = options.get("secret-variable")
        self._secret = environ.get(variable, "").encode() if variable else b""
        self._missing = str(variable) if variable and not self._secret else ""
        self._opener = urllib.request.build_opener(_NoRedirects())

    def notify(self, notice: Notice) -> None:
        if self._missing:
            raise AccessDenied(f"the webhook's secret is wanted from ${self._missing}, which is not set")
        body = json.dumps(as_json(notice)).encode()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": f"holkas/{__version__}",
            "X-Holkas-Notice": "".join(char for char in notice.id if char.isascii() and char.isprintable()),
        }
        if self._secret:
            digest = hmac.new(self._secret, body, hashlib.sha256).hexdigest()
            headers["X-Holkas-Signature-256"] = f"sha256={digest}"
        # What the URL's path holds is often the secret of a chat service: only the host is told.
        host = urlsplit(self._url).hostname
        try:
            request = urllib.request.Request(self._url, data=body, headers=headers, method="POST")  # noqa: S310 - http, by schema
            with self._opener.open(request, timeout=self._timeout):
                return
        except urllib.error.HTTPError as error:
            error.close()
            raise _refused(error.code, f"the webhook at {host} answers with status {error.code}") from None
        except urllib.error.URLError as error:
            raise Retryable(f"the webhook at {host} cannot be reached: {error.reason}") from None
        except (OSError, HTTPException) as error:
            raise Retryable(
                f"the webhook at {host} cannot be reached: {error or type(error).__name__}"
            ) from None
        except ValueError:
            raise ToolError("the webhook's URL is not valid") from None


def _refused(status: int, message: str) -> ToolError:
    if status in (401, 403):
        return AccessDenied(message)
    if status in (404, 410):
        return NotFound(message)
    if status >= 500 or status in _LATER:
        return Retryable(message)
    return ToolError(message)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        return None
