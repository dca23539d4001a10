"""Which plugins are installed, from the metadata on disk alone: nothing is imported.

``importlib.metadata`` takes 40 ms to import and parses every METADATA file. Here each ``*.dist-info`` or
``*.egg-info`` directory on the path costs one attempt to open its entry_points.txt, and METADATA is read
only of the few that have the group. Name and version of others never matter.
Source of the format: PyPA specifications "Entry points" (file format) and "Recording installed projects".
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence

from holkas.records import dataclass

GROUP = "holkas"

_SECTION = re.compile(rf"^\s*\[\s*{GROUP}\s*\]\s*$", re.MULTILINE)
_DASHES = re.compile(r"[-_.]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry point of the group. ``module`` is the hooks module that it names (an object after ``:`` is
    kept)."""

    name: str
    module: str
    distribution: str
    version: str = ""


def normal(distribution: str) -> str:
    """A distribution's name in the form in which names are compared (PyPA specification "Names and
    normalization")."""
    return _DASHES.sub("-", distribution).lower()


def entries(path: Sequence[str]) -> list[Entry]:
    """The entry points of all distributions on ``path`` (``sys.path``), ours first, then by distribution and
    name.

    Of two distributions with one name the first on the path counts, as for importlib.metadata.
    """
    seen: set[str] = set()
    found: list[Entry] = []
    for directory in dict.fromkeys(os.path.realpath(part or os.curdir) for part in path):
        names = _metadata_directories(directory)
        if names is None:
            found.extend(_in_archive(directory, seen))
            continue
        for name in names:
            project = normal(name.rsplit(".", 1)[0].split("-")[0])
            if project in seen:
                continue
            seen.add(project)
            # Joined by hand: pathlib costs as much as the reading for an environment of a thousand
            # distributions.
            found.extend(_read(os.path.join(directory, name)))  # noqa: PTH118 - as said
    return sorted(
        found, key=lambda entry: (normal(entry.distribution) != GROUP, entry.distribution, entry.name)
    )


def _metadata_directories(directory: str) -> list[str] | None:
    """Names of the metadata directories in one directory of the path, none for a missing one; None for a
    file."""
    try:
        names = os.listdir(directory)  # noqa: PTH208 - names only, see above
    except NotADirectoryError:
        return None
    except OSError:
        return []
    return sorted(name for name in names if name.endswith((".dist-info", ".egg-info")))


def _in_archive(archive: str, seen: set[str]) -> Iterator[Entry]:
    """The entries of distributions in a zip file on the path (zipapps), for which the slow way is good
    enough."""
    from importlib.metadata import distributions

    for distribution in distributions(path=[archive]):
        name = distribution.metadata["Name"]
        if normal(name) in seen:
            continue
        seen.add(normal(name))
        for point in distribution.entry_points.select(group=GROUP):
            yield Entry(name=point.name, module=point.value, distribution=name, version=distribution.version)


def _read(metadata: str) -> list[Entry]:
    """The entries of one distribution."""
    text = _text(metadata, "entry_points.txt")
    if not text or not _SECTION.search(text):
        return []
    distribution, version = _name_and_version(metadata)
    result = []
    inside = False
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("["):
            inside = bool(_SECTION.match(line))
        elif inside and "=" in line and not line.startswith(("#", ";")):
            name, module = line.split("=", 1)
            # Extras after the module ("pkg.hooks [extra]") are deprecated and mean nothing here.
            result.append(
                Entry(
                    name=name.strip(),
                    module=module.split("[", 1)[0].strip(),
                    distribution=distribution,
                    version=version,
                )
            )
    return result


def _name_and_version(metadata: str) -> tuple[str, str]:
    """From METADATA (PKG-INFO in an egg), else from the directory's name."""
    stem = os.path.basename(metadata).rsplit(".", 1)[0]  # noqa: PTH119 - as above
    name, _, version = stem.partition("-")
    headers = _text(metadata, "METADATA") or _text(metadata, "PKG-INFO")
    for line in headers.splitlines():
        if not line:
            break
        key, _, value = line.partition(":")
        if key == "Name":
            name = value.strip()
        elif key == "Version":
            version = value.strip()
    return name, version


def _text(directory: str, name: str) -> str:
    try:
        with open(f"{directory}/{name}", encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - speed
            return file.read()
    except OSError:
        return ""
