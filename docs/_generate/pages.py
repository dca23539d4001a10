"""The pages of docs/reference that are made from the code, by path."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from docs._generate import commands, configuration, differences, environment, errors, events, examples, hooks

ROOT = Path(__file__).resolve().parents[2]

PAGES: Mapping[str, Callable[[], str]] = {
    "README.md": examples.readme,
    "docs/reference/commands.md": commands.page,
    "docs/reference/configuration.md": configuration.page,
    "docs/reference/environment.md": environment.page,
    "docs/reference/errors.md": errors.page,
    "docs/reference/events.md": events.page,
    "docs/reference/hooks.md": hooks.hooks_page,
    "docs/reference/known-differences.md": differences.page,
    "docs/reference/roles.md": hooks.roles_page,
}


def stale() -> list[str]:
    """Paths whose text is not what the code would make now."""
    return [path for path, make in PAGES.items() if read(path) != make()]


def write() -> None:
    """Make all pages."""
    for path, make in PAGES.items():
        (ROOT / path).write_text(make(), encoding="utf-8")


def read(path: str) -> str:
    """A page as it is, empty where it is missing."""
    file = ROOT / path
    return file.read_text(encoding="utf-8") if file.is_file() else ""
