"""Globs of projects; expected values were checked against gobwas/glob 0.2.3 and Go's filepath.Match."""

from __future__ import annotations

import pytest
from holkas.gitops.glob import MAX_PATTERN, GlobError, compile_glob, compile_path, matches, path_matches
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("pattern", "text", "separators", "wanted"),
    [
        ("a*", "abc/d", "", True),
        ("a*", "abc/d", "/", False),
        ("a**", "abc/d", "/", True),
        ("a***d", "abc/d", "/", True),
        ("*/x", "a/b/x", "/", False),
        ("?b", "ab", "", True),
        ("?b", "/b", "/", False),
        ("[abc]", "b", "", True),
        ("[!abc]", "b", "", False),
        ("[a-c]x", "bx", "", True),
        ("[!a-c]x", "dx", "", True),
        ("[^a]", "^", "", True),
        ("{a,b*}c", "bxc", "", True),
        ("{a,b}c", "cc", "", False),
        ("{a{b,c},d}", "ac", "", True),
        ("{a,b", "a", "", False),
        ("{a,}b", "b", "", True),
        ("a,b}", "a,b}", "", True),
        (r"\*", "*", "", True),
        (r"\*", "a", "", False),
        ("a\\", "a", "", True),
        (r"[\]]", "]", "", True),
        ("", "", "", True),
        ("plain", "plain", "", True),
        ("plain", "plaine", "", False),
    ],
)
def test_matching(pattern: str, text: str, separators: str, wanted: bool) -> None:
    assert matches(pattern, text, separators) is wanted


@pytest.mark.parametrize("pattern", ["[a", "[", "[]", "[a-", "[a-cd]", "[c-a]", "e[[a*", "{" * 60 + "a"])
def test_patterns_that_cannot_be_read(pattern: str) -> None:
    with pytest.raises(GlobError):
        compile_glob(pattern)
    assert not matches(pattern, pattern)


@pytest.mark.parametrize(
    ("pattern", "text", "wanted"),
    [
        ("*", "abc", True),
        ("*", "a/b", False),
        ("a**c", "abc", True),
        ("{a,b}", "a", False),
        ("{a,b}", "{a,b}", True),
        ("[^a]", "b", True),
        ("[^a]", "a", False),
        ("[!a]", "!", True),
        ("[a-cx-z]", "y", True),
        (r"[\]]", "]", True),
        (r"a\*", "a*", True),
        ("*.example.com", "apps.example.com", True),
    ],
)
def test_matching_as_paths(pattern: str, text: str, wanted: bool) -> None:
    assert path_matches(pattern, text) is wanted


@pytest.mark.parametrize("pattern", ["[", "[]", "[-]", "[a", "[a-]", "a\\", "[\\"])
def test_path_patterns_that_cannot_be_read(pattern: str) -> None:
    with pytest.raises(GlobError):
        compile_path(pattern)
    assert not path_matches(pattern, "a")


def test_a_pattern_has_a_limit() -> None:
    for compile_ in (compile_glob, compile_path):
        with pytest.raises(GlobError, match="longer"):
            compile_("a" * (MAX_PATTERN + 1))


def test_a_hostile_pattern_ends() -> None:
    assert not matches("*a" * 500 + "b", "a" * 2000)


@given(st.text("ab/*?[]!{},-\\", max_size=12), st.text("ab/", max_size=8))
def test_nothing_but_an_answer(pattern: str, text: str) -> None:
    assert matches(pattern, text) in (True, False)
    assert path_matches(pattern, text) in (True, False)
