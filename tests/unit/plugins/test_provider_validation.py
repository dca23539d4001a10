"""A provider is judged where it is made, so that its author sees the line."""

from __future__ import annotations

import re

import pytest
from holkas.plugins import Context, Provider, made_by
from hypothesis import given
from hypothesis import strategies as st


def provider(**changes):
    return Provider(**{"name": "mine", "summary": "A tool.", "make": lambda context: None, **changes})


@pytest.mark.parametrize("name", ["a", "git", "oci-registry", "s3", "a-1-b", "0"])
def test_good_names(name):
    assert provider(name=name).name == name


@pytest.mark.parametrize("name", ["", "Git", "a_b", "-a", "a-", "a--b", "a b", "ä", "a\n", None, 3])
def test_bad_names(name):
    with pytest.raises(ValueError, match="provider name"):
        provider(name=name)


@given(st.text())
def test_a_name_is_accepted_exactly_when_it_is_words_with_dashes(name):
    words = name.split("-")
    good = all(re.fullmatch("[a-z0-9]+", word) for word in words) and "\n" not in name
    try:
        provider(name=name)
    except ValueError:
        assert not good
    else:
        assert good


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"summary": ""}, "summary of one line"),
        ({"summary": "  "}, "summary of one line"),
        ({"summary": "a\nb"}, "summary of one line"),
        ({"summary": None}, "summary of one line"),
        ({"make": "text"}, "make is not callable"),
        ({"capabilities": "tags"}, "capabilities is not a set of strings"),
        ({"capabilities": [1]}, "capabilities is not a set of strings"),
        ({"options_schema": ["a"]}, "options_schema is not"),
    ],
)
def test_what_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        provider(**changes)


def test_capabilities_become_a_frozenset():
    assert provider(capabilities=["tags", "tags"]).capabilities == frozenset({"tags"})


def test_a_provider_does_not_change():
    with pytest.raises(AttributeError):
        provider().name = "other"


def test_the_package_gives_what_a_hooks_module_needs_and_nothing_else():
    import holkas.plugins

    assert callable(holkas.plugins.hookimpl)
    with pytest.raises(AttributeError, match="hookspec"):
        _ = holkas.plugins.hookspec


def test_a_tool_is_made_by_its_class_when_it_is_wanted(tmp_path):
    make = made_by("holkas_builtin.secretfile.store:SecretFile")
    assert make(Context(state=tmp_path)).name == "secretfile"
    with pytest.raises(ModuleNotFoundError):
        made_by("holkas_builtin.nothing:Nothing")(Context())


def test_an_option_may_say_where_something_lies(tmp_path):
    context = Context(options={"file": "here", "empty": ""}, project=tmp_path / "p", state=tmp_path / "s")
    assert context.place("file", "there") == tmp_path / "p" / "here"
    assert [context.place(one, "there") for one in ("empty", "other")] == [tmp_path / "s" / "there"] * 2
