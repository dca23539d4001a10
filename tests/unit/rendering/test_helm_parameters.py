"""helm --set in Python; expected values are those that helm's own parser gives."""

import pytest
from holkas_compat.argocd.rendering.helm.strvals import BadParameter, escaped, set_value
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a=b", {"a": "b"}),
        ("a=1,b=true,c=null,d=007,e=1.5", {"a": 1, "b": True, "c": None, "d": "007", "e": "1.5"}),
        ("a.b.c=x", {"a": {"b": {"c": "x"}}}),
        ("a[1]=x", {"a": [None, "x"]}),
        ("a[0].b=x,a[0].c=y", {"a": [{"b": "x", "c": "y"}]}),
        ("a={x,1,true}", {"a": ["x", 1, True]}),
        ("a={}", {"a": [""]}),  # Helm's list in braces has one item at least
        ("a[0]={1,}", {"a": [[1, ""]]}),
        (".a=1", {}),
        ("a[0]", {"a": []}),
        ("a[0].b[1]", {"a": []}),
        ("a=x\\", {"a": "x"}),
        ("a[0]=1,a[0].b=2", {"a": [{"b": 2}]}),
        (r"a=x\,y", {"a": "x,y"}),
        (r"a\.b=x", {"a.b": "x"}),
        ("a=", {"a": ""}),
        ("a[0][1]=x", {"a": [[None, "x"]]}),
        ("a=b=c", {"a": "b=c"}),
    ],
)
def test_values(text, expected):
    values = {}
    set_value(values, text)
    assert values == expected


def test_what_is_there_stays_beside_what_is_set():
    values = {"a": {"x": 1, "l": [{"n": 1}, {"n": 2}]}}
    set_value(values, "a.l[1].n=3")
    assert values == {"a": {"x": 1, "l": [{"n": 1}, {"n": 3}]}}


def test_texts_stay_texts():
    values = {}
    set_value(values, "a=1,b=true", as_text=True)
    assert values == {"a": "1", "b": "true"}


def test_a_whole_file():
    values = {}
    set_value(values, "a.b", whole="x,y=z\n")
    assert values == {"a": {"b": "x,y=z\n"}}


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "a.b",
        "a[x]=1",
        "a[-1]=1",
        "a[99999999]=1",
        "a={x",
        "a[0]b=1",
        "a.b=1,a[0]=2",
        "a=1,a.b=2",
        "." * 99 + "=1",
    ],
)
def test_what_cannot_be_read(text):
    with pytest.raises(BadParameter):
        set_value({}, text)


def test_nesting_has_an_end():
    with pytest.raises(BadParameter, match="nested"):
        set_value({}, ".".join("a" * 99) + "=1")


@pytest.mark.parametrize(
    ("value", "expected"), [("a,b", r"a\,b"), (r"a\,b", r"a\,b"), ("{a,b}", "{a,b}"), ("a", "a")]
)
def test_commas_belong_to_the_value(value, expected):
    assert escaped(value) == expected


@given(st.text(alphabet="ab=,.[]{}\\01"))
def test_any_text_ends(text):
    try:
        set_value({}, text)
    except BadParameter as error:
        assert str(error)
