"""The images of a run: looked up once, fetched as the policy says, used by id from then on."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path

from holkas.extensions.executor import ExecutorError

from .engine import PULL, Engine, EngineError, sentence
from .image import Image, checked, images_of
from .options import Options


class ImageStore:
    """Safe for threads. ``policy``: ``always``, ``missing`` or ``never``."""

    def __init__(self, engine: Engine, options: Options) -> None:
        self.policy = options.pull
        self._engine = engine
        self._replace = options.replace
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._known: dict[str, Image] = {}

    def name(self, reference: str) -> str:
        """What is used for a reference: itself, or what the settings put in its place. Raises ExecutorError."""
        for pattern, other in self._replace:
            if fnmatchcase(reference, pattern):
                return checked(other)
        return checked(reference)

    def missing(self, references: Sequence[str]) -> str:
        """Why these cannot be run without fetching any, in one sentence; empty where all are there.

        One call of the engine for all of them; those that are found need no other.
        """
        try:
            names = {self.name(reference): reference for reference in references}
        except ExecutorError as error:
            return str(error)
        code, out, err = self._engine.answer("image", "inspect", *names)
        if code:
            # Both engines name those that they miss: "…: NAME: image not known", "no such image: NAME: …".
            lacking = next((names[name] for name in names if f": {name}:" in err), "")
            return f'{self._engine.name} does not have the image "{lacking}"' if lacking else sentence(err)
        try:
            found = images_of(out, list(names))
        except (ValueError, KeyError) as error:
            return f"{self._engine.name}: {error}"
        if self.policy != "always":
            with self._lock:
                self._known.update({image.reference: image for image in found})
        return ""

    def image(self, reference: str, registries: Path | None = None) -> Image:
        """The image, fetched if the policy says so.

        registries: a docker ``config.json`` with credentials, None for the user's own. Raises ExecutorError.
        """
        name = self.name(reference)
        with self._lock:
            lock = self._locks.setdefault(name, threading.Lock())
        with lock:
            found = self._known.get(name)
            if found is None:
                found = self._known[name] = self._look_up(name, registries)
        return found

    def _look_up(self, name: str, registries: Path | None) -> Image:
        if self.policy == "always":
            self._pull(name, registries)
        code, out, err = self._engine.answer("image", "inspect", name)
        if code and self.policy == "missing":
            self._pull(name, registries)
            code, out, err = self._engine.answer("image", "inspect", name)
        if code:
            hint = "; --pull missing fetches it" if self.policy == "never" else f": {sentence(err)}"
            raise ExecutorError(f'{self._engine.name} does not have the image "{name}"{hint}')
        try:
            return images_of(out, [name])[0]
        except (ValueError, KeyError) as error:
            raise ExecutorError(
                f'{self._engine.name} says nothing useful of the image "{name}": {error}'
            ) from error

    def _pull(self, name: str, registries: Path | None) -> None:
        try:
            if registries is None:
                self._engine.call("pull", "--quiet", name, timeout=PULL)
            elif self._engine.name == "podman":
                self._engine.call("pull", "--quiet", f"--authfile={registries}", name, timeout=PULL)
            else:
                with _docker_configuration(registries) as directory:
                    environ = {**os.environ, "DOCKER_CONFIG": directory}
                    self._engine.call("pull", "--quiet", name, timeout=PULL, environ=environ)
        except EngineError as error:
            raise ExecutorError(f'the image "{name}" cannot be fetched: {error}') from error


@contextmanager
def _docker_configuration(registries: Path) -> Iterator[str]:
    """A directory as docker wants it, with the file in it, that nobody else can enter."""
    directory = tempfile.mkdtemp(prefix="holkas-")
    try:
        shutil.copyfile(registries, Path(directory) / "config.json")
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)
