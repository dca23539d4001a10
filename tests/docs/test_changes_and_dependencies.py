"""Fragments of the changelog are named as towncrier wants them; every dependency has its reasons."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FRAGMENT = re.compile(r"(\d+|\+[\w-]+)\.(feature|bugfix|doc|removal|misc)(\.\d+)?\.md")


def names() -> list[str]:
    """Distributions that building, running, testing and judging the project takes."""
    wanted = [*PROJECT["build-system"]["requires"], *PROJECT["project"]["dependencies"], "tox", "towncrier"]
    for group in PROJECT["dependency-groups"].values():
        wanted += group
    return sorted({re.split(r"[<>=;\[ ]", requirement)[0] for requirement in wanted})


@pytest.mark.parametrize(
    "path", sorted((ROOT / PROJECT["tool"]["towncrier"]["directory"]).iterdir()), ids=str
)
def test_a_fragment_has_a_name_that_is_found_and_a_text(path):
    assert FRAGMENT.fullmatch(path.name)
    assert path.read_text(encoding="utf-8").strip()


def test_the_changelog_says_where_releases_go():
    text = (ROOT / PROJECT["tool"]["towncrier"]["filename"]).read_text(encoding="utf-8")
    assert text.count("<!-- towncrier release notes start -->") == 1


@pytest.mark.parametrize("name", names())
def test_a_dependency_has_its_reasons(name):
    page = (ROOT / "docs" / "explanation" / "dependencies.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    (row,) = [
        line for line in rows if re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])", line.split("|")[1])
    ]
    assert len([cell for cell in row.split("|") if cell.strip()]) == 3
