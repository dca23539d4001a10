"""Patterns of paths."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from holkas_compat.argocd.applicationset.globs import match, match_old, match_tree
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("pattern", "path", "found"),
    [
        ("*", "a", True),
        ("*", "a/b", False),
        ("a/*", "a/b", True),
        ("a/?c", "a/bc", True),
        ("a/[b-d]", "a/c", True),
        ("a/[^b]", "a/b", False),
        ("a/[!b]", "a/c", False),
        ("a/[", "a/[", False),
        ("a/[]", "a/]", False),
        ("a\\*", "a*", True),
        ("a\\", "a", False),
        ("**", "a/b", False),
        ("a*b*c", "axxbyyc", True),
        ("a*b*c", "axxbyy", False),
    ],
)
def test_directories_are_matched_as_go_does(pattern: str, path: str, found: bool) -> None:
    assert match(pattern, path) is found


@pytest.mark.parametrize(
    ("pattern", "path", "found"),
    [
        ("**/config.json", "config.json", True),
        ("**/config.json", "a/b/config.json", True),
        ("a/**", "a/b/c", True),
        ("a/**/c", "a/c", True),
        ("a/**/b/**/c", "a/x/b/c", True),
        ("a/**/b/**/c", "a/x/c", False),
        ("*.{json,y{,a}ml}", "x.yml", True),
        ("*.y{a,}ml", "x.yml", False),  # doublestar never tries an empty alternative that stands last
        ("a\\{b,c\\}", "a{b,c}", True),
        ("a}", "a}", False),
        ("[a-]", "-", True),
        ("a/**", "a", False),
        ("./a//*/../b", "a/b", True),
        ("*.{json,yaml}", "x.toml", False),
        ("a/*.json", "a/b/c.json", False),
        ("{a", "a", False),
        ("[!a]/x", "b/x", True),
    ],
)
def test_files_are_matched_as_doublestar_does(pattern: str, path: str, found: bool) -> None:
    assert match_tree(pattern, path) is found


def test_the_old_patterns_find_what_git_finds(tmp_path: Path) -> None:
    if not shutil.which("git"):
        pytest.skip("git is missing")
    paths = ["c.json", "p/c.json", "p/q/c.json", "p/q/d.yaml", "r[1]/c.json"]
    for path in paths:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("{}")
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "."], cwd=tmp_path, check=True)
    for pattern in (
        "*.json",
        "p/*",
        "p",
        "p/",
        "./p/",
        "c.json/",
        ".",
        "**/c.json",
        "p/**/c.json",
        "?/c.json",
        "p/q/[cd].*",
        "nope",
        "c.json",
    ):
        listed = ["git", "ls-files", "-z", "--", pattern]
        found = subprocess.run(listed, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
        assert [path for path in paths if match_old(pattern, path)] == found.split("\0")[:-1], pattern


@settings(deadline=None)
@given(st.text("a*?[]^-\\{},/b", max_size=30), st.text("ab/", max_size=30))
def test_any_pattern_has_an_answer(pattern: str, path: str) -> None:
    for fits in (match, match_tree, match_old):
        assert fits(pattern, path) in (True, False)


def test_patterns_made_to_be_slow_are_not() -> None:
    assert not match("a*" * 2000 + "c", "a" * 4000)
    assert not match_tree("**/" * 300 + "x", "a/" * 300 + "b")
    assert not match_tree("{a,b}" * 40, "a" * 40 + "c")
