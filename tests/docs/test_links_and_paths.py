"""Every link between the pages leads somewhere, and every path that they mention exists."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [*ROOT.glob("*.md"), *(path for path in (ROOT / "docs").rglob("*.md") if "_generate" not in path.parts)]
)
IDS = [str(page.relative_to(ROOT)) for page in PAGES]
FENCES = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
TREES = (
    "core/",
    "compat/",
    "plugins/",
    "tests/",
    "docs/",
    "examples/",
    "benchmarks/",
    "changelog.d/",
    ".ci/",
)
MENTION = re.compile(r"`([\w./_-]+)`")


@cache
def prose(page: Path) -> str:
    """The page without its fenced blocks."""
    return FENCES.sub("", page.read_text(encoding="utf-8"))


def anchor(heading: str) -> str:
    """A heading's anchor as GitHub and most others make it."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower().replace("`", "")
    return re.sub(r"[^\w\- ]", "", text).strip().replace(" ", "-")


@cache
def anchors(page: Path) -> frozenset[str]:
    return frozenset(anchor(line) for line in re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE))


def test_anchors_are_made_as_everywhere():
    assert anchor("`holkas run`: it's [here](x.md)") == "holkas-run-its-here"
    assert anchor("holkas_codes") == "holkas_codes"


def test_there_are_pages_of_each_kind():
    kinds = {page.parent.name for page in PAGES}
    assert {"tutorial", "how-to", "reference", "explanation"} <= kinds


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_links_lead_somewhere(page):
    for link in LINK.findall(prose(page)):
        if "://" in link or link.startswith("mailto:"):
            continue
        path, _, fragment = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{link} leads nowhere"
        if fragment:
            assert fragment in anchors(target), f"{link}: the page has no such heading"


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_mentioned_paths_exist(page):
    for path in MENTION.findall(prose(page)):
        if path.startswith(TREES):
            assert (ROOT / path).exists(), f"{path} does not exist"


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.is_relative_to(ROOT / "docs")], ids=lambda page: page.name
)
def test_a_page_can_be_reached_from_the_readme(page):
    seen, waiting = set(), [ROOT / "README.md"]
    while waiting:
        here = waiting.pop()
        seen.add(here)
        targets = {(here.parent / link.partition("#")[0]).resolve() for link in LINK.findall(prose(here))}
        waiting += [one for one in targets if one.suffix == ".md" and one.is_file() and one not in seen]
    assert page in seen
