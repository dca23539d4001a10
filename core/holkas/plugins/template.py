"""A new plugin: the template with a name, and with the roles that are asked for."""

from __future__ import annotations

import contextlib
import re
import shutil
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path, PurePosixPath

ROLES = (
    "version-control",
    "artifact-repository",
    "build-server",
    "automation-agent",
    "monitoring",
    "secret-store",
)
"""Spelled as the tools in holkas.yaml."""

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_SECTION = re.compile(r"^# role: (\w+)\n(.*?)(?=^# role: |\Z)", re.MULTILINE | re.DOTALL)
_INTERFACE = re.compile(r"^    from holkas\.roles\.(\w+) import \w+\n", re.MULTILINE)


def bare_name(name: str) -> str:
    """The plugin's name without ``holkas-``. Raises ValueError for what can be no name of a plugin."""
    bare = name.removeprefix("holkas-")
    if not _NAME.fullmatch(bare):
        raise ValueError(f"{name!r} is no name of a plugin: lower-case letters, digits and single dashes")
    return bare


def template() -> Path:
    """Where the template lies: in the installed package, or in the checkout. Raises FileNotFoundError."""
    package = Path(__file__).resolve().parents[1]
    for place in (package / "plugin_template", package.parents[1] / "plugins" / "_template"):
        if (place / "pyproject.toml").is_file():
            return place
    raise FileNotFoundError("the template of plugins is not installed")


def lay_down(name: str, roles: Collection[str], directory: Path) -> Sequence[PurePosixPath]:
    """Write a new plugin, whole or not at all; its files, in order.

    name: as :func:`bare_name` gives it. roles: of ``ROLES``. directory: is made, or is empty. Raises FileExistsError,
    OSError.
    """
    if directory.is_symlink() or (
        directory.exists() and (not directory.is_dir() or any(directory.iterdir()))
    ):
        raise FileExistsError(f"{directory} is there already, and is not empty")
    kept = {role.replace("-", "_") for role in roles}
    source, parent = template(), directory.absolute().parent
    parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=".holkas-new-", dir=parent))
    try:
        new.chmod(0o755)
        written = []
        for path in sorted(source.rglob("*")):
            relative = path.relative_to(source)
            if path.is_dir() or any(part.startswith((".", "__pycache__")) for part in relative.parts):
                continue
            if not _belongs(relative.stem.removeprefix("test_"), kept):
                continue
            target = PurePosixPath(_named(relative.as_posix(), name))
            text = path.read_text(encoding="utf-8")
            if relative.name == "hooks.py":
                text = _hooks(text, kept)
            (new / target).parent.mkdir(parents=True, exist_ok=True)
            (new / target).write_text(_named(text, name), encoding="utf-8")
            written.append(target)
        with contextlib.suppress(FileNotFoundError):
            directory.rmdir()
        new.rename(directory)
        return written
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise


def _belongs(stem: str, kept: Collection[str]) -> bool:
    """Whether a file is of a role that is kept, or of none."""
    return stem in kept or stem.replace("_", "-") not in ROLES


def _named(text: str, name: str) -> str:
    return text.replace("holkas_NAME", f"holkas_{name.replace('-', '_')}").replace("NAME", name)


def _hooks(text: str, kept: Collection[str]) -> str:
    """The hooks module with the sections of some roles, and the imports that these need."""
    head = text[: text.index("# role: ")].rstrip()
    head = _INTERFACE.sub(lambda line: line[0] if line[1] in kept else "", head + "\n")
    sections = [section.strip() for role, section in _SECTION.findall(text) if role in kept]
    return "\n\n\n".join([head.rstrip(), *sections]) + "\n"
