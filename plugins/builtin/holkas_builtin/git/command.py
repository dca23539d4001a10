"""Starts git: with a clean environment, hardened settings, a time limit and a limit to what it may answer."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from holkas.roles.errors import Retryable, ToolError
from holkas.roles.faults import told

from .address import DEFAULT_PROTOCOLS, Address
from .failures import failure

MAX_OUTPUT = 256 * 1024 * 1024
"""Bytes that a command may answer where the answer is held in memory."""

_KEPT = ("GIT_SSH_COMMAND", "GIT_SSH", "GIT_SSL_CAINFO", "GIT_SSL_NO_VERIFY", "GIT_PROXY_COMMAND")

_SETTINGS: tuple[tuple[str, str], ...] = (
    ("core.hooksPath", os.devnull),
    ("core.fsmonitor", "false"),
    ("core.sshCommand", "ssh -o BatchMode=yes -o ConnectTimeout=20"),
    ("protocol.ext.allow", "never"),
    ("submodule.recurse", "false"),
    ("fetch.recurseSubmodules", "false"),
    ("transfer.fsckObjects", "true"),
    # Old and harmless faults of commits that popular repositories have.
    ("fetch.fsck.zeroPaddedFilemode", "warn"),
    ("fetch.fsck.badTimezone", "warn"),
    ("fetch.fsck.missingSpaceBeforeDate", "warn"),
    ("fetch.fsck.missingEmail", "warn"),
    ("http.followRedirects", "initial"),
    ("http.lowSpeedLimit", "1000"),
    ("http.lowSpeedTime", "60"),
    ("gc.autoDetach", "false"),
    ("maintenance.autoDetach", "false"),
    ("push.followTags", "false"),
    ("push.gpgSign", "false"),
    ("advice.pushUpdateRejected", "false"),
)

_HELPER = (
    '!f() { test "$1" = get && '
    'printf "username=%s\\npassword=%s\\n" "$GIT_HELPER_USERNAME" "$GIT_HELPER_PASSWORD"; }; f'
)
"""Hands git what stands in two variables of its environment; nothing of it is in any argument list or file."""


class GitProgram:
    """The program ``git``. Safe for threads.

    timeout: seconds for each command. protocols: transports that may be used.
    """

    def __init__(
        self, *, timeout: float = 600.0, protocols: Sequence[str] = DEFAULT_PROTOCOLS, program: str = "git"
    ) -> None:
        self._timeout = timeout
        self._protocols = tuple(protocols)
        self._program = program

    def run(
        self,
        *words: str,
        what: str,
        directory: Path | None = None,
        address: Address | None = None,
        given: bytes = b"",
        extra: Mapping[str, str] | None = None,
    ) -> bytes:
        """Standard output of a command that succeeded.

        what: beginning of the sentence that tells a failure. directory: the bare repository. given: its standard
        input. Raises the ToolError that fits what git says, Retryable when it takes too long.
        """
        with self.started(
            *words, what=what, directory=directory, address=address, given=given, extra=extra
        ) as out:
            pieces, size = [], 0
            while piece := out.read(1 << 16):
                size += len(piece)
                if size > MAX_OUTPUT:
                    raise ToolError(f"{what}: git answers more than {MAX_OUTPUT >> 20} MiB")
                pieces.append(piece)
        return b"".join(pieces)

    @contextmanager
    def started(
        self,
        *words: str,
        what: str,
        directory: Path | None = None,
        address: Address | None = None,
        given: bytes = b"",
        extra: Mapping[str, str] | None = None,
    ) -> Iterator[Output]:
        """A running command, whose standard output is read piece by piece; it is ended when the block is left early."""
        environment = self._environment(address) | dict(extra or {})
        words = (f"--git-dir={directory}", *words) if directory else words
        with told(what), tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as stderr:
            stdin.write(given)
            stdin.seek(0)
            try:
                process = subprocess.Popen(
                    [self._program, *words],
                    stdin=stdin,
                    stdout=subprocess.PIPE,
                    stderr=stderr,
                    env=environment,
                    cwd=directory or "/",
                    start_new_session=True,
                )
            except OSError as error:
                raise ToolError(
                    f"{what}: git cannot be started: {error.strerror}", hint="install git"
                ) from None
            assert process.stdout is not None
            output = Output(process.stdout, time.monotonic() + self._timeout, what)
            try:
                yield output
                output.drain()
                code = process.wait(max(0.1, output.left()))
            except subprocess.TimeoutExpired:
                raise Retryable(f"{what}: git did not end in {self._timeout:g} s") from None
            finally:
                output.close()
                _end(process)
            if code:
                stderr.seek(0)
                text = stderr.read(1 << 16).decode("utf-8", "replace")
                raise failure(what, text, address.secrets if address else ())

    def _environment(self, address: Address | None) -> dict[str, str]:
        environ = {
            name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in _KEPT
        }
        environ.pop("SSH_ASKPASS", None)
        settings = list(_SETTINGS)
        if address is not None and address.password is not None:
            settings += [("credential.helper", ""), ("credential.helper", _HELPER)]
            environ["GIT_HELPER_USERNAME"] = address.username
            environ["GIT_HELPER_PASSWORD"] = address.password.reveal_text()
        environ |= {
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "",
            "GIT_ALLOW_PROTOCOL": ":".join(self._protocols),
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_LITERAL_PATHSPECS": "1",
            "GIT_OPTIONAL_LOCKS": "0",
            "LC_ALL": "C",
            "GIT_CONFIG_COUNT": str(len(settings)),
        }
        for number, (key, value) in enumerate(settings):
            environ[f"GIT_CONFIG_KEY_{number}"], environ[f"GIT_CONFIG_VALUE_{number}"] = key, value
        return environ


class Output:
    """Standard output of a running command, read within its time limit."""

    def __init__(self, stream: IO[bytes], deadline: float, what: str) -> None:
        self._descriptor = stream.fileno()
        self._deadline = deadline
        self._what = what
        self._buffer = b""
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._descriptor, selectors.EVENT_READ)

    def left(self) -> float:
        """Seconds that are left."""
        return self._deadline - time.monotonic()

    def read(self, size: int) -> bytes:
        """At most so many bytes, and none at the end."""
        if not self._buffer:
            if not self._selector.select(max(0.0, self.left())):
                raise Retryable(f"{self._what}: git takes too long")
            self._buffer = os.read(self._descriptor, 1 << 18)
        piece, self._buffer = self._buffer[:size], self._buffer[size:]
        return piece

    def line(self) -> bytes:
        """The next line without its end; empty at the end of all."""
        while b"\n" not in self._buffer:
            before, self._buffer = self._buffer, b""
            piece = self.read(1 << 18)
            self._buffer = before + piece
            if not piece:
                break
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line

    def drain(self) -> None:
        """Read what nobody wants, so that the command can end."""
        while self.read(1 << 18):
            pass

    def close(self) -> None:
        """Look at it no more."""
        self._selector.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the command with all that it started; nothing when it has ended."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
