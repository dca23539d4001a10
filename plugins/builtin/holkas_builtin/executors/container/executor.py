"""The executor ``container``: each step is a container in its image, through podman or docker."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from holkas.extensions.executor import Account, Executor, ExecutorError, Place, Session
from holkas.model.fidelity import FidelityTable

from .accounts import Accounts
from .engine import Engine, EngineError, installed
from .image_store import ImageStore
from .leftovers import Owner
from .machinery import Machinery
from .options import ENGINES, PULL, Options
from .session import ContainerSession

LOG = logging.getLogger(__name__)

_CHECKS = {"podman": ("ps", "--quiet", "--last=1"), "docker": ("version", "--format={{.Server.Version}}")}
"""Calls that succeed where the engine works: podman with its storage, docker with its daemon."""


class ContainerExecutor(Executor):
    """Runs steps in their images. ``state``: a directory for what tells containers of dead processes."""

    name = "container"
    has_images = True

    def __init__(self, options: Mapping[str, Any] | None = None, state: Path = Path()) -> None:
        self._options = Options.of(options or {})
        self._state = state
        self._lock = threading.Lock()
        self._reason: str | None = None
        self._engine: Engine | None = None
        self._images: ImageStore | None = None
        self._accounts: Accounts | None = None
        self._machinery: Machinery | None = None
        self._sessions: list[ContainerSession] = []
        self._policy = self._options.pull

    @property
    def note(self) -> str:
        """The engine's name."""
        return self._engine.name if self._engine is not None else ""

    def fetch_images(self, policy: str) -> None:
        """Overrules the settings. Raises ExecutorError for a policy that there is not."""
        if policy not in PULL:
            raise ExecutorError(f"images are fetched {', '.join(PULL)}, not {policy!r}")
        self._policy = policy

    def check(self) -> str:
        """Asks each engine that is installed for something, until one answers."""
        with self._lock:
            if self._reason is None:
                self._engine, self._reason = _first_that_works(self._options.engine)
            return self._reason

    def lacks(self, images: Sequence[str]) -> str:
        """Looks whether the engine has them."""
        return self.check() or (self._image_store().missing(images) if images else "")

    def fidelity(self) -> FidelityTable:
        """By type and field."""
        from holkas_builtin.executors.fidelity.container import CONTAINER

        return CONTAINER

    def entrypoint(self, image: str) -> tuple[str, ...] | None:
        """From the image itself, fetched if the policy says so; with its default arguments. Raises ExecutorError."""
        found = self._image_store().image(image)
        return (*found.entrypoint, *found.command) or None

    def account(self, image: str, user: int | None, registries: Path | None = None) -> Account:
        """As the image and its /etc/passwd say. Raises ExecutorError."""
        machinery = self._made()
        with self._lock:
            if self._accounts is None:
                self._accounts = Accounts(machinery)
            accounts = self._accounts
        return accounts.account(machinery.images.image(image, registries), user)

    def open(self, place: Place) -> Session:
        """A session in the place's directories. Raises ExecutorError."""
        session = ContainerSession(self._made(), place)
        with self._lock:
            self._sessions = [other for other in self._sessions if not other.closed]
            self._sessions.append(session)
        return session

    def close(self) -> None:
        """Kill and remove every container."""
        with self._lock:
            sessions, self._sessions = self._sessions, []
            machinery, self._machinery = self._machinery, None
            self._accounts = None
        for session in sessions:
            session.close()
        if machinery is not None:
            machinery.close()

    def _image_store(self) -> ImageStore:
        reason = self.check()
        if reason or self._engine is None:
            raise ExecutorError(f"there is no container engine: {reason}")
        with self._lock:
            if self._images is None:
                self._images = ImageStore(self._engine, self._options)
                self._images.policy = self._policy
            return self._images

    def _made(self) -> Machinery:
        images = self._image_store()
        assert self._engine is not None, "it was looked for"
        with self._lock:
            if self._machinery is None:
                try:
                    owner = Owner(self._engine, self._state.absolute() / "containers")
                except OSError as error:
                    raise ExecutorError(f"cannot prepare {error.filename}: {error.strerror}") from error
                owner.sweep()
                self._machinery = Machinery(self._engine, self._options, owner, images)
            return self._machinery


def _first_that_works(wanted: str) -> tuple[Engine | None, str]:
    names = ENGINES if wanted == "auto" else (wanted,)
    reasons = []
    for engine in installed(names):
        try:
            engine.call(*_CHECKS[engine.name])
        except EngineError as error:
            reasons.append(f"{engine.name}: {error}")
            continue
        return engine, ""
    return None, "; ".join(
        reasons
    ) or f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} not installed"
