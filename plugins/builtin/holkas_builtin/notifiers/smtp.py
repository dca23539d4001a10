"""Notices as e-mails. Sources: RFC 5321, RFC 5322, RFC 8314 (TLS)."""

from __future__ import annotations

import hashlib
import os
import re
import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formataddr, formatdate, parseaddr
from typing import Any, ClassVar

from holkas.extensions.notice_wording import as_text
from holkas.extensions.notifier import Notifier
from holkas.model.notice import Notice
from holkas.roles.errors import AccessDenied, Retryable, ToolError

_PORTS = {"starttls": 587, "implicit": 465, "none": 25}
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+")


class SmtpNotifier(Notifier):
    """One connection a notice. The same notice has the same Message-ID, by which mail programs show it once."""

    name: ClassVar[str] = "smtp"

    def __init__(self, options: Mapping[str, Any], environ: Mapping[str, str] = os.environ) -> None:
        self._host = str(options["host"])
        self._tls = str(options.get("tls", "starttls"))
        self._port = int(options.get("port", _PORTS[self._tls]))
        self._ca_file = options.get("ca-file")
        self._username = str(options.get("username", ""))
        variable = str(options.get("password-variable", ""))
        self._password = environ.get(variable, "") if variable else ""
        self._missing = variable if self._username and not self._password else ""
        self._sender = str(options["sender"])
        self._recipients = tuple(str(one) for one in options.get("recipients", ()))
        self._timeout = float(options.get("timeout", 20.0))
        if not _ADDRESS.fullmatch(parseaddr(self._sender)[1]):
            raise ToolError(f"{self._sender!r} is no address that mails can be from")

    def notify(self, notice: Notice) -> None:
        """Send it to those whom it concerns and who have an address; to nobody is no error."""
        known = [(one.name, one.email) for one in notice.recipients] + [
            parseaddr(one) for one in self._recipients
        ]
        recipients = {email: name for name, email in reversed(known) if _ADDRESS.fullmatch(email)}
        if not recipients:
            return
        if self._missing or (self._username and not self._password):
            raise AccessDenied(
                f"the password of {self._username} is wanted from ${self._missing or '(no variable is named)'}"
            )
        message = self._message(notice, recipients)
        where = f"{self._host}:{self._port}"
        try:
            with self._connected() as server:
                if self._username:
                    server.login(self._username, self._password)
                refused = server.send_message(message)
        except smtplib.SMTPAuthenticationError as error:
            raise AccessDenied(f"the mail server {where} refuses the login: {error.smtp_code}") from None
        except smtplib.SMTPNotSupportedError as error:
            raise ToolError(
                f"the mail server {where} cannot do this: {error}",
                hint="see the option tls, and whether a login is needed",
            ) from None
        except smtplib.SMTPRecipientsRefused as error:
            raise _refused(where, [code for code, _ in error.recipients.values()]) from None
        except smtplib.SMTPResponseException as error:
            raise _refused(where, [error.smtp_code]) from None
        except ssl.SSLCertVerificationError as error:
            raise ToolError(f"the mail server {where} cannot be trusted: {error.verify_message}") from None
        except (OSError, smtplib.SMTPException) as error:
            raise Retryable(f"the mail server {where} cannot be reached: {error}") from None
        if len(refused) == len(recipients):
            raise _refused(where, [code for code, _ in refused.values()])

    def _connected(self) -> smtplib.SMTP:
        if self._tls == "implicit":
            return smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout, context=self._trust())
        server = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        try:
            if self._tls == "starttls":
                server.starttls(context=self._trust())
        except BaseException:
            server.close()
            raise
        return server

    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._ca_file)

    def _message(self, notice: Notice, recipients: Mapping[str, str]) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = ", ".join(formataddr((_line(name), email)) for email, name in recipients.items())
        message["Subject"] = _line(notice.subject)
        message["Date"] = formatdate()
        domain = parseaddr(self._sender)[1].rpartition("@")[2]
        message["Message-ID"] = f"<{hashlib.sha256(notice.id.encode()).hexdigest()[:32]}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message["X-Holkas-Kind"] = str(notice.kind)
        if notice.environment:
            message["X-Holkas-Environment"] = _line(notice.environment)
        text = as_text(notice).encode("utf-8", "replace").decode()  # half a character is no text
        message.set_content(text)
        return message


def _line(text: str) -> str:
    """One line, so that no text from elsewhere becomes a header."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _refused(where: str, codes: list[int]) -> ToolError:
    message = f"the mail server {where} refuses the mail: {', '.join(map(str, sorted(set(codes))))}"
    return Retryable(message) if any(400 <= code < 500 for code in codes) else ToolError(message)
