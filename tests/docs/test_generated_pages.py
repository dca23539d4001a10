"""The pages that are made from the code are what the code makes now."""

from __future__ import annotations

import subprocess
import sys

import pytest

from docs._generate import examples, pages
from docs._generate.__main__ import main


@pytest.mark.parametrize("path", pages.PAGES)
def test_a_page_is_up_to_date(path):
    assert pages.read(path) == pages.PAGES[path](), f"{path}: run python -m docs._generate"


def test_the_check_names_what_is_out_of_date(monkeypatch, capsys):
    monkeypatch.setattr(pages, "PAGES", {"docs/none.md": lambda: "text"})
    assert main(["--check"]) == 1
    assert capsys.readouterr().err == "docs/none.md is out of date: run python -m docs._generate\n"


def test_pages_are_written_and_then_up_to_date(monkeypatch, tmp_path):
    monkeypatch.setattr(pages, "ROOT", tmp_path)
    monkeypatch.setattr(pages, "PAGES", {"page.md": lambda: "text\n"})
    assert pages.stale() == ["page.md"]
    assert main([]) == 0
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == "text\n"
    assert main(["--check"]) == 0


def test_the_generator_runs_as_its_page_says():
    done = subprocess.run(
        [sys.executable, "-m", "docs._generate", "--check"], cwd=pages.ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_counts_become_the_readme_s_table(monkeypatch):
    counts = {"runnable": 3, "executors": {"sandbox": {"succeeded": 2, "skipped": 1}}}
    monkeypatch.setattr(examples, "counts", lambda: counts)
    assert examples.block().splitlines()[-1] == "| `sandbox` | 2 | 3 | 1 |"
    assert examples.block() in examples.readme()


def test_a_readme_without_the_markers_is_an_error(monkeypatch, tmp_path):
    (tmp_path / "README.md").write_text("# holkas\n", encoding="utf-8")
    monkeypatch.setattr(examples, "ROOT", tmp_path)
    with pytest.raises(ValueError, match="examples:begin"):
        examples.readme()
