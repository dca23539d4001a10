"""Templates of strangers: whatever they say, they end, soon and without a traceback."""

from __future__ import annotations

import pytest
from holkas_compat.argocd.applicationset.functions import FUNCTIONS
from holkas_compat.gotemplate import ExecutionError, LimitError, Limits, ParseError, TemplateError, parse
from hypothesis import given, settings
from hypothesis import strategies as st

DATA = {"a": "x", "n": 3.0, "l": ["p", 1.0, None], "m": {"b": {"c": True}}}


def run(text: str, **options: object) -> str:
    return parse(text, FUNCTIONS).execute(DATA, **options)  # type: ignore[arg-type]  # few tests give limits


@pytest.mark.parametrize(
    "text",
    [
        '{{define "x"}}{{template "x" .}}{{end}}{{template "x" .}}',
        '{{define "x"}}{{template "y" .}}{{end}}{{define "y"}}{{template "x" .}}{{end}}{{template "x" .}}',
        "{{range until 50000}}{{range until 50000}}{{end}}{{end}}",
        "{{range 1000000000}}{{end}}",
        '{{repeat 1000000000 "x"}}',
        "{{until 1000000000}}",
        "{{seq 1 1000000000}}",
        '{{printf "%999999999d" 1}}',
        '{{indent 99999999 "a"}}',
        '{{$x := "x"}}{{range until 40}}{{$x = print $x $x}}{{end}}',
        "{{$x := list 1}}{{range until 60}}{{$x = list $x $x}}{{end}}{{$x}}",
        "{{$x := list 1}}{{range until 60}}{{$x = list $x $x}}{{end}}{{toJson $x}}",
        "{{$x := list 1}}{{range until 60}}{{$x = list $x $x}}{{end}}{{toYaml $x}}",
        "{{$x := list 1}}{{range until 60}}{{$x = list $x $x}}{{end}}{{deepEqual $x (deepCopy $x)}}",
        '{{$d := dict}}{{$_ := set $d "d" $d}}{{$d}}',
        '{{$d := dict}}{{$_ := set $d "d" $d}}{{toJson $d}}',
        '{{$x := "aaaaaaaaaa"}}{{range until 9}}{{$x = replace "a" "aaaaaaaaaa" $x}}{{end}}',
        '{{$x := "a"}}{{range until 30}}{{$x = cat $x $x | quote}}{{end}}',
        "{{$l := list 1}}{{range until 30}}{{$l = concat $l $l}}{{end}}",
    ],
)
def test_what_would_never_end_ends_with_a_sentence(text: str) -> None:
    with pytest.raises((LimitError, ExecutionError)) as caught:
        run(text)
    assert "\n" not in str(caught.value)[:80]


def test_deep_texts_are_refused_when_they_are_parsed() -> None:
    for text in ("{{" + "(" * 5000 + "1" + ")" * 5000 + "}}", "{{if 1}}" * 5000 + "{{end}}" * 5000):
        with pytest.raises(ParseError, match="max expression depth exceeded"):
            run(text)


def test_patterns_cannot_run_away() -> None:
    assert run('{{ regexMatch "^(a+)+$" (print (repeat 5000 "a") "b") }}') == "false"


def test_steps_and_output_are_bounded_as_asked() -> None:
    with pytest.raises(LimitError, match="takes more than 10 steps"):
        run("{{range .l}}{{.}}{{.}}{{.}}{{.}}{{end}}", limits=Limits(steps=10))
    with pytest.raises(LimitError, match="writes more than 3 characters"):
        run("abcd", limits=Limits(output=3))


@pytest.mark.parametrize("name", ["now", "uuidv4", "randAlpha", "genCA", "htpasswd", "date"])
def test_what_would_differ_each_time_is_refused_when_called(name: str) -> None:
    assert run("{{if false}}{{" + name + "}}{{end}}") == ""
    with pytest.raises(ExecutionError, match=f"holkas does not call {name}"):
        run("{{" + name + "}}")


@pytest.mark.parametrize("name", ["env", "expandenv", "getHostByName"])
def test_nothing_tells_of_the_machine(name: str) -> None:
    with pytest.raises(ParseError, match=f'function "{name}" not defined'):
        run("{{" + name + ' "HOME"}}')


PIECES = st.sampled_from(
    [
        *(
            "{{",
            "}}",
            "{{-",
            "-}}",
            " ",
            "(",
            ")",
            "|",
            ":=",
            "=",
            ",",
            ".",
            ".a",
            ".l",
            ".m.b",
            "$",
            "$x",
            '"s"',
            "`r`",
        ),
        *(
            "'c'",
            "1",
            "-2.5",
            "0x1f",
            "true",
            "nil",
            "if",
            "else",
            "end",
            "range",
            "with",
            "define",
            "template",
            "block",
        ),
        *("break", "continue", "/*", "*/", "\\", "\n", "é", "\x00", "\ud7ff", '"'),
        *sorted(FUNCTIONS),
    ]
)


@settings(deadline=None, max_examples=400)
@given(st.lists(PIECES, max_size=14), st.sampled_from(["default", "error", "zero", "invalid"]))
def test_no_text_gives_anything_but_a_text_or_a_sentence(pieces: list[str], missing_key: str) -> None:
    limits = Limits(steps=3000, output=100_000)
    for text in ("".join(pieces), "{{" + " ".join(pieces) + "}}"):
        try:
            made = run(text, missing_key=missing_key, limits=limits)
        except TemplateError as error:
            assert str(error)
        else:
            assert isinstance(made, str)


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.integers(-(2**62), 2**62), st.text(max_size=6)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(deadline=None, max_examples=500)
@given(st.sampled_from(sorted(FUNCTIONS)), st.lists(VALUES, max_size=4))
def test_no_function_falls_over_any_arguments(name: str, values: list[object]) -> None:
    data = {f"v{index}": value for index, value in enumerate(values)}
    text = "{{" + name + "".join(f" .{key}" for key in data) + "}}"
    try:
        parse(text, FUNCTIONS).execute(data)
    except TemplateError as error:
        assert str(error)


@settings(deadline=None)
@given(st.text(max_size=30))
def test_text_without_actions_stays(text: str) -> None:
    if "{{" not in text:
        assert run(text) == text
