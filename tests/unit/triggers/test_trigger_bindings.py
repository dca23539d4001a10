"""What the expressions of bindings give."""

from __future__ import annotations

import json

import pytest
from holkas.extensions.trigger import Outcome
from holkas_compat.tekton.triggers.expressions import find, is_terminated
from holkas_compat.tekton.triggers.jsonpath import PathError, find_text, parse
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.triggers.documents import echo, listener, obj, param, send, task_run, template

EVENT = {
    "header": {"X-Kind": "a,b"},
    "body": {
        "name": 'say "hi" <b>',
        "count": 2.0,
        "big": 1e21,
        "none": None,
        "flag": True,
        "list": ["a", "b", "c"],
        "empty": [],
        "deep": {"k": [{"n": 1.0, "t": "x"}, {"n": 2.5, "t": "y"}]},
        "dev.tekton/x": "dotted",
    },
    "extensions": {},
    "context": {"eventID": "e"},
}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("body.count", "2"),
        (".body.count", "2"),
        ("{body.count}", "2"),
        ("{.body.count}", "2"),
        ("body.big", "1e+21"),
        ("body.none", "null"),
        ("body.flag", "true"),
        ("body.name", 'say \\"hi\\" \\u003cb\\u003e'),
        ("body.list", '["a","b","c"]'),
        ("body.list[0]", "a"),
        ("body.list[-1]", "c"),
        ("body.list[0:2]", '["a","b"]'),
        ("body.list[::2]", '["a","c"]'),
        ("body.list[1:]", '["b","c"]'),
        ("body.list[*]", '["a","b","c"]'),
        ("body.list[0,2]", '["a","c"]'),
        ("body.list[1:1]", "[]"),
        ("body.empty[*]", "[]"),
        ("body['list'][1]", "b"),
        ("body.deep.k[*].t", '["x","y"]'),
        ("body.deep.*", '[{"n":1,"t":"x"},{"n":2.5,"t":"y"}]'),
        ('body.deep.k[?(@.t=="y")].n', "2.5"),
        ("body.deep.k[?(@.t=='y')].n", "2.5"),
        ("body.deep.k[?(@.n>2.0)].t", "y"),
        ("body.deep.k[?(@.n)].t", '["x","y"]'),
        ("body.deep..t", '["x","y"]'),
        (r"body.dev\.tekton/x", "dotted"),
        ("header.X-Kind", "a,b"),
        ("header", '{"X-Kind":"a,b"}'),
        ("context.eventID", "e"),
        ("extensions", "{}"),
    ],
)
def test_a_path_finds_its_text(path, text):
    assert find_text(parse(path), EVENT) == text


@pytest.mark.parametrize(
    "path",
    [
        "{body",
        "body}",
        "body.list[",
        "body.list[x]",
        "body.list[3]",
        "body.list[-4]",
        "body.list[2:1]",
        "body.list[0:3:0]",
        "body.count[0]",
        "body.missing",
        "body.deep.k[*].missing",
        "body.deep.k[?(@.t==1)]",
        "body.deep.k[?(@.n==1)]",
        "body.deep.k[?(@.t=~'x')]",
        "body.deep.k[?(@.t=='x'",
        "body.deep.k[?(@.t=='x')",
        "body.deep.k[?(@..t=='x')]x y",
        "body.count[?(@.x)]",
        "body....t",
        "body.list['a",
        "body range",
        "body %",
        "body +",
        "a" * 5000,
        "body" + "[0,0" * 20 + "]" * 20,
    ],
)
def test_a_wrong_path_or_one_with_nothing_there_is_an_error(path):
    with pytest.raises(PathError):
        find_text(parse(path), EVENT)


def test_a_path_does_not_multiply_without_end():
    body = {"l": [[1.0] * 400 for _ in range(400)]}
    with pytest.raises(PathError, match="goes through more"):
        find_text(parse("body.l[*][*]"), {"body": body})


def found_or_refused(text):
    try:
        found = find_text(parse(text), EVENT)
    except PathError as error:
        assert str(error)
    else:
        assert isinstance(found, str)


@given(st.text(max_size=40))
def test_any_text_is_a_path_or_an_error(text):
    found_or_refused(text)


@given(st.text(alphabet="body.list[]()?@*:,'\"0- ..==k", max_size=30))
def test_any_text_of_the_letters_of_paths_is_a_path_or_an_error(text):
    found_or_refused("body" + text)


@given(st.text(max_size=60), st.text(max_size=60))
def test_expressions_lie_where_they_are_said_to(before, after):
    value = f"{before}$(body.a){after}"
    for start, end, inside in find(value):
        assert value[start : start + 2] == "$("
        assert value[end - 1] == ")"
        assert len(inside) == end - start - 3


@pytest.mark.parametrize(
    ("value", "inside"),
    [
        ("$(body.a)", ["body.a"]),
        ("a$(body.a)b$(body.c)", ["body.a", "body.c"]),
        ("$($(body.b))", ["body.b"]),
        ("$($($(body.b)))", ["body.b"]),
        ("$(header.x-kind)", ["header.X-Kind"]),
        ("$(header.x-kind[0])", ["header.x-kind[0]"]),
        ("$(body.k[?(@.t=='x')])", ["body.k[?(@.t=='x')]"]),
        ("$(body.a", []),
        ("$body.a)", []),
        ("plain", []),
    ],
)
def test_expressions_are_found(value, inside):
    assert [expression for _, _, expression in find(value)] == inside


def test_only_an_unfinished_expression_before_another_is_refused():
    assert is_terminated("$(a) $(b")
    assert not is_terminated("$(a $(b)")


def test_values_of_the_body_reach_the_manifest_as_they_are():
    text = 'quotes " and \\ and \n and ü and \u2028 </script> $(tt.params.x) $(uid) $(body.x)'
    (rendered,) = send(listener(echo("$(body.x)")), {"x": text})
    assert param(rendered) == text


def test_structures_cannot_stand_within_a_text():
    (rendered,) = send(listener(echo("$(body.x)")), {"x": {"a": "b"}})
    assert rendered.outcome is Outcome.FILTERED
    assert "$(tt.params.x) does not fit into a text" in rendered.reason


def test_numbers_and_lists_without_quotes_can():
    (rendered,) = send(listener(echo("$(body.x)")), {"x": [1, 2.5, True, None]})
    assert param(rendered) == "[1,2.5,true,null]"


def test_two_headers_of_one_name_are_joined():
    (rendered,) = send(listener(echo("$(header.x-a)|$(header.X-B)")), X_a="1", x_A="2", x_b="3")
    assert param(rendered) == "1,2|3"


def test_the_event_has_an_id():
    (rendered,) = send(listener(echo("$(context.eventID)")))
    assert param(rendered) == "event-1"


def test_a_default_stands_in_for_what_the_event_has_not():
    with_default = echo("at $(body.missing)!")
    with_default["template"] = {"spec": template(task_run(x="$(tt.params.x)"), x="home")}
    (rendered,) = send(listener(with_default))
    assert param(rendered) == "at home!"


def test_without_a_default_the_trigger_starts_nothing():
    (rendered,) = send(listener(echo("$(body.missing)")))
    assert (rendered.outcome, rendered.reason) == (
        Outcome.FILTERED,
        "param x: $(body.missing): missing is not found",
    )


def test_an_event_s_text_is_not_read_as_an_expression():
    trigger = echo("$(body.a) $(body.b)")
    (rendered,) = send(listener(trigger), {"a": "$(body.b)", "b": "secret"})
    assert param(rendered) == "$(body.b) secret"


def test_bindings_by_reference_are_put_together():
    trigger = {
        "name": "t",
        "bindings": [
            {"ref": "one"},
            {"ref": "two", "kind": "ClusterTriggerBinding"},
            {"name": "c", "value": "3"},
        ],
        "template": {"ref": "tt"},
    }
    documents = [
        listener(trigger),
        obj("TriggerBinding", "one", {"params": [{"name": "a", "value": "1"}]}),
        obj("ClusterTriggerBinding", "two", {"params": [{"name": "b", "value": "2"}]}),
        obj(
            "TriggerTemplate",
            "tt",
            template(task_run(x="$(tt.params.a)$(tt.params.b)$(tt.params.c)"), a=None, b=None, c=None),
        ),
    ]
    (rendered,) = send(documents)
    assert param(rendered) == "123"


def test_a_param_bound_twice_breaks_the_trigger():
    trigger = echo("1")
    trigger["bindings"] = [{"name": "x", "value": "1"}, {"name": "x", "value": "2"}]
    (rendered,) = send(listener(trigger))
    assert (rendered.outcome, rendered.reason) == (Outcome.FAILED, "two bindings give param x")


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=8,
    )
)
def test_a_whole_value_is_written_as_json_that_means_the_same(value):
    text = find_text(parse("body"), {"body": value})
    read = json.loads(f'"{text}"' if isinstance(value, str) else text, parse_int=float)
    assert read == value
