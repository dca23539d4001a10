"""targetRevision as a range of versions."""

import pytest
from holkas_compat.argocd.rendering.semver import chosen, is_range, version
from hypothesis import given
from hypothesis import strategies as st

TAGS = ["v0.9.0", "v1.0.0", "v1.2.3", "v1.2.10", "v1.10.0", "v2.0.0-rc.1", "v2.0.0", "v2.1.0-alpha", "main"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*", "v2.0.0"), ("v1.*", "v1.10.0"), ("1.x", "v1.10.0"), ("1.2.*", "v1.2.10"), ("^1.2.3", "v1.10.0"),
        ("~1.2.3", "v1.2.10"), ("~1", "v1.10.0"), (">=1.0.0 <1.2.10", "v1.2.3"), (">=1.0.0, <2", "v1.10.0"),
        ("<1 || 1.2.x", "v1.2.10"), ("1.0.0 - 1.2.3", "v1.2.3"), ("^0.9", "v0.9.0"), ("!=2.0.0 <3", "v1.10.0"),
        (">=2.1.0-0", "v2.1.0-alpha"), (">2.0.0", None), ("<= 1.2", "v1.2.10"), ("> 1.2", "v2.0.0"),
        ("^0.0.1", None), ("~> 1.2", "v1.2.10"), ("v1.2.3", "v1.2.3"), ("v1.2", None),
        (">0.9.x, !=*", "v2.0.0"), (">1.0.0-0 !=2.1.0", "v2.1.0-alpha"), ("main", "main"), ("other", None),
        (">=1,", None), ("!1.2", None), ("01.02.*", "v1.2.10"), ("> *", "v2.0.0"), ("<=1.2.x", "v1.2.10"),
    ],
)  # fmt: skip
def test_the_highest_that_satisfies(text, expected):
    assert chosen(text, TAGS) == expected


@pytest.mark.parametrize("text", ["1.*", ">=1", "^1.2", "~1.2.3", "*", "1.0 - 2.0", "<2 || >3"])
def test_ranges(text):
    assert is_range(text)


@pytest.mark.parametrize(
    "text", ["", "v1.2.3", "1.2", "HEAD", "main", "feature/x", "release-1.0", "0123abc", "a.b.c"]
)
def test_what_is_no_range(text):
    assert not is_range(text)


def test_tags_with_a_prefix():
    assert chosen("1.*", ["api/1.2.0", "1.9.0", "api/1.10.0"], prefix="api/") == "api/1.10.0"


def test_order_of_prereleases():
    texts = [
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0",
    ]
    made = [version(text) for text in texts]
    assert sorted([*made[3:], *made[:3]], key=lambda one: one.order()) == made


@given(st.text(alphabet="0123456789.vx*<>=~^!|, -+a"))
def test_any_text_is_judged(text):
    found = chosen(text, TAGS)
    assert found is None or found in TAGS
