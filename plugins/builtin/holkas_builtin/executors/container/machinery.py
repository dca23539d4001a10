"""What all sessions of the executor ``container`` share: names, networks, and containers that have ended."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from itertools import count

from .engine import Engine, EngineError
from .image_store import ImageStore
from .leftovers import Owner
from .network import Networks
from .options import Options

LOG = logging.getLogger(__name__)

_MANY = 32
"""Containers that have ended and are removed together: a call of the engine costs more than a container."""


class Machinery:
    """What all sessions of an executor share. Safe for threads."""

    def __init__(self, engine: Engine, options: Options, owner: Owner, images: ImageStore) -> None:
        self.engine = engine
        self.options = options
        self.owner = owner
        self.images = images
        self.networks = Networks(engine, options.network)
        self._lock = threading.Lock()
        self._numbers = count(1)
        self._rubbish: list[str] = []
        self._trusted: set[tuple[str, str, str]] = set()

    def new_name(self) -> str:
        """A name that no other container has."""
        with self._lock:
            return f"holkas-{self.owner.id}-{next(self._numbers)}"

    def rubbish(self, *names: str) -> None:
        """Remove containers that have ended, at some time."""
        with self._lock:
            self._rubbish += names
            if len(self._rubbish) < _MANY:
                return
            taken, self._rubbish = self._rubbish, []
        self.remove_now(taken)

    def remove_now(self, names: Sequence[str]) -> None:
        """Kill and remove containers."""
        try:
            self.engine.remove(names)
        except EngineError as error:
            LOG.info("not all containers are removed: %s", error)
            with self._lock:
                self._rubbish += names

    def is_doubted(self, image: str, program: str, path: str) -> bool:
        """Whether it is not known yet that an image has a program."""
        return (image, program, path) not in self._trusted

    def trust(self, image: str, program: str, path: str) -> None:
        """The image has the program."""
        self._trusted.add((image, program, path))

    def close(self) -> None:
        """Remove what is left, and the owner."""
        with self._lock:
            taken, self._rubbish = self._rubbish, []
        if taken:
            self.remove_now(taken)
        with self._lock:
            left = bool(self._rubbish)
        self.owner.close(left=left)
