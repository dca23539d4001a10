"""Executors: how a step is run.

Life cycle: :meth:`Executor.check` → :meth:`Executor.open` once for each attempt of a task → :meth:`Session.start`
for its sidecars and steps → :meth:`Session.close` → at the end of the run :meth:`Executor.close`.
An executor is shared by threads; a session is used by one thread, except that :meth:`Process.terminate` may be
called from any.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from holkas.records import dataclass

if TYPE_CHECKING:
    from holkas.model.fidelity import FidelityTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """A directory or file of the host at a path of the step's world."""

    source: Path
    target: str
    read_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What all steps of one attempt of a task share.

    directory: the attempt's private directory on the host; ``tekton/``, ``home/`` and ``tmp/`` lie in it.
    mounts: in the order in which they are to be made; ``/tekton``, ``/workspace``, HOME and ``/tmp`` are among them.
    """

    directory: Path
    mounts: tuple[Mount, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One process.

    image: the step's image, for executors that have images.
    argv: program and arguments, with paths as :meth:`Session.path` takes them; the executor maps them where it has to.
    env: variables of the step; the executor adds PATH and HOME where they are missing.
    cwd: working directory as the step sees it, empty for the image's own.
    mounts: the step's own, after those of the place.
    user, group: numeric ids to run as, None for the executor's own.
    by_image: whether ``argv`` holds only arguments (or nothing) for what the image starts by itself.
    security, resources: Kubernetes' ``securityContext`` (the pod's, overridden by the container's) and its resource
        requirements (``limits``, ``requests``) as in the manifest, for executors that can hold to them.
    registries: a docker ``config.json`` with credentials for fetching the image, None for the user's own.
    """

    image: str = ""
    argv: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: str = ""
    mounts: tuple[Mount, ...] = ()
    user: int | None = None
    group: int | None = None
    by_image: bool = False
    security: Mapping[str, Any] = field(default_factory=dict)
    resources: Mapping[str, Any] = field(default_factory=dict)
    registries: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who a step runs as. ``user``: the number, None where it is the executor's own, or is not known."""

    home: str = "/root"
    user: int | None = None


class ExecutorError(Exception):
    """The step could not be started: missing executable, refused mount … The text is one sentence for the user."""

    exit_code = 2


class Process(ABC):
    """A started process with all its descendants."""

    __slots__ = ()

    @property
    def reason(self) -> str:
        """Why it has ended, where the exit code does not say it: ``OOMKilled``, or nothing."""
        return ""

    @property
    def image(self) -> str:
        """The image that it runs in, by digest (``name@sha256:…``); empty where that is not known."""
        return ""

    @property
    def address(self) -> str:
        """Where its ports are reached from here."""
        return "127.0.0.1"

    @abstractmethod
    def fileno(self) -> int:
        """A descriptor that becomes readable when the process has ended, or -1 where the system has none.

        It may be readable before: :meth:`wait` says whether it has.
        """

    @abstractmethod
    def wait(self, timeout: float | None = None) -> int | None:
        """The exit code (128 + signal for a signal), or None when ``timeout`` seconds passed first.

        Raises ExecutorError, once, where it turns out that the program could not be started.
        """

    @abstractmethod
    def terminate(self, grace: float = 0.0) -> None:
        """End the process and every descendant: SIGTERM, ``grace`` seconds later SIGKILL. May be called twice."""


class Session(ABC):
    """The world of one attempt of a task."""

    @abstractmethod
    def path(self, inside: str, mounts: tuple[Mount, ...] = ()) -> str:
        """The path under which a step finds ``inside`` (``/tekton/results/x``): itself, unless there is no isolation.

        mounts: the step's own, which come after those of the place.
        """

    @abstractmethod
    def rewrite(self, text: str, mounts: tuple[Mount, ...] = ()) -> str:
        """A script or an argument with literal ``/tekton/…`` and ``/workspace/…`` paths as :meth:`path` gives them."""

    @abstractmethod
    def start(self, command: Command, *, stdout: int, stderr: int) -> Process:
        """Start a process writing to the two descriptors (both stay open here). Raises ExecutorError."""

    def start_beside(self, process: Process, command: Command, *, stdout: int, stderr: int) -> Process:
        """Start a second program where ``process``, made from the same command but for ``argv``, runs: a probe."""
        return self.start(command, stdout=stdout, stderr=stderr)

    @abstractmethod
    def close(self) -> None:
        """End whatever still runs in this world."""


class Executor(ABC):
    """A way of running steps."""

    name: ClassVar[str]

    is_prompt: ClassVar[bool] = False
    """Whether opening a session, starting a process in it and closing it never take long, as a program's start does.

    Then one thread may call them for all tasks; otherwise each task has a thread of its own.
    """

    has_images: ClassVar[bool] = False
    """Whether steps run in their images: with the image's HOME, working directory, programs and entrypoint."""

    @property
    def note(self) -> str:
        """What there is to say about how it works here, in a few words; empty for nothing."""
        return ""

    def fetch_images(self, policy: str) -> None:  # noqa: B027 - most executors have no images: nothing to do
        """When images are fetched: ``always``, ``missing`` or ``never``. For executors that have images."""

    def lacks(self, images: Sequence[str]) -> str:
        """Why it cannot run steps in these images, in one sentence; empty when it can. Nothing is fetched."""
        return ""

    def fidelity(self) -> FidelityTable:
        """What becomes of each field of a manifest; a field that is missing here is reported as unknown."""
        return {}

    @abstractmethod
    def check(self) -> str:
        """Why it cannot work on this machine, in one sentence; empty when it can. Cheap after the first call."""

    @abstractmethod
    def entrypoint(self, image: str) -> tuple[str, ...] | None:
        """The program that the image starts by itself; None when this executor cannot know it."""

    def account(self, image: str, user: int | None, registries: Path | None = None) -> Account:
        """Who a step in that image runs as, and where that user is at home. Raises ExecutorError.

        user: what the step says. registries: see :class:`Command`. Asked where the step is to find files at home.
        """
        return Account()

    @abstractmethod
    def open(self, place: Place) -> Session:
        """Make the world of one attempt of a task. Raises ExecutorError."""

    @abstractmethod
    def close(self) -> None:
        """End everything that was started through this executor."""
