"""The paths of a step's world and where they lie on the host."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from holkas.extensions.executor import Mount, Place

# The targets are paths inside the step's world.
DEFAULTS = (
    ("/tekton", "tekton", 0o777),
    ("/workspace", "workspace", 0o777),
    ("/root", "home", 0o777),
    ("/tmp", "tmp", 0o1777),  # noqa: S108 - the step's
)
"""Directories that every step has, their names in the attempt's private directory, and their modes."""


WITH_IMAGES = DEFAULTS[:2]
"""The same where steps have an image: HOME and /tmp are the image's, a fresh copy for each container, as on a cluster."""


def complete(
    place: Place, own: Iterable[Mount] = (), defaults: Sequence[tuple[str, str, int]] = DEFAULTS
) -> tuple[Mount, ...]:
    """Mounts of the place and of the step, preceded by the defaults that both lack.

    Of mounts with the same target only the last stays. Directories of the defaults are created.
    """
    last = {mount.target.rstrip("/"): mount for mount in (*place.mounts, *own)}
    mounts = []
    for target, name, mode in defaults:
        if target not in last:
            source = place.directory / name
            if not source.is_dir():
                source.mkdir(parents=True, exist_ok=True)
                source.chmod(mode)
            mounts.append(Mount(source=source, target=target))
    mounts += [mount for mount in (*place.mounts, *own) if last[mount.target.rstrip("/")] is mount]
    return tuple(mounts)


class PathMap:
    """Where paths of a step's world lie on the host."""

    __slots__ = ("_sources", "_targets")

    def __init__(self, mounts: Iterable[Mount]) -> None:
        self._sources = {mount.target.rstrip("/"): str(mount.source) for mount in mounts}
        self._sources.pop("", None)
        self._targets = tuple(sorted(self._sources, key=len, reverse=True))

    def host(self, inside: str) -> str:
        """The host's path of an absolute path of the step's world; the same text where nothing is mounted."""
        for target in self._targets:
            if inside == target or inside.startswith(target + "/"):
                return self._sources[target] + inside[len(target) :]
        return inside

    def rewrite(self, text: str) -> str:
        """A text in which every path of the step's world is replaced by the host's.

        A path counts where it begins: after a blank, a quote, ``=``, ``:``, ``file://``, an option letter such
        as ``-I``; not inside another path or word (``my/tekton/``, ``$x/workspace``, ``/workspace-old``). Paths
        that are the host's already stay, so a text may be rewritten twice.
        """
        if not any(target in text for target in self._targets):
            return text
        # Every attempt has sources of its own, while most tasks of a run share their targets: a pattern without
        # sources is compiled once.
        kept = tuple(source for source in self._sources.values() if source in text)
        return _pattern(self._targets, kept).sub(self._replacement, text)

    def _replacement(self, match: re.Match[str]) -> str:
        target = match["target"]
        return match[0] if target is None else self._sources[target]


@lru_cache(maxsize=64)
def _pattern(targets: tuple[str, ...], kept: tuple[str, ...]) -> re.Pattern[str]:
    """Finds ``targets``; ``kept`` are paths of the host in which nothing is looked for."""
    # They come first: they may lie under a target, for example under /tmp, and must not be mapped again.
    whole = [re.escape(source) for source in sorted(kept, key=len, reverse=True)]
    wanted = "|".join(re.escape(target) for target in targets)
    begin = r"(?:(?<![\w/.~$})\]*?+%\\-])|(?<=file://)|(?<=[\s\"'=]-[A-Za-z])|(?<=^-[A-Za-z]))"
    end = r"(?![\w-])(?!\.\w)"
    return re.compile(f"{begin}(?:{'|'.join([*whole, f'(?P<target>{wanted})'])}){end}")
