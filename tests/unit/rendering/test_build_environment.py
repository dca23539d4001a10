"""``$NAME`` in options: expanded as Go's os.Expand does it."""

import pytest
from holkas_compat.argocd.rendering.environment import BuildEnvironment, build_environment
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("$A", "1"),
        ("${A}b$A", "1b1"),
        ("$AB.", "."),
        ("$$A", "$A"),
        ("$", "$"),
        ("a$", "a$"),
        ("$-x", "x"),
        ("$ x", "$ x"),
        ("${}x", "x"),
        ("${A", "A"),
        ("${*}x", "x"),
        ("$1x", "x"),
        ("${NOT_THERE}", ""),
    ],
)
def test_expansion(text, expected):
    assert BuildEnvironment({"A": "1"}).expand(text) == expected


def test_what_was_looked_up_is_known():
    environment = BuildEnvironment({"A": "1", "B": "2"})
    environment.expand("$A ${C}")
    assert environment.used == {"A", "C"}
    assert environment.all() == {"A": "1", "B": "2"}
    assert environment.used == {"A", "B", "C"}


def test_short_revisions():
    values = build_environment(
        name="a",
        namespace="n",
        project="p",
        revision="0123456789abcdef",
        repository="r",
        path="p",
        target_revision="HEAD",
    ).all()
    assert values["ARGOCD_APP_REVISION_SHORT"] == "0123456"
    assert values["ARGOCD_APP_REVISION_SHORT_8"] == "01234567"


@given(st.text(alphabet="${}ab1* \n"))
def test_any_text_ends(text):
    assert "\0" not in BuildEnvironment({"a": "x"}).expand(text)
