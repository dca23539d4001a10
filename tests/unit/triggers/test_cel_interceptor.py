"""The CEL interceptor: filters, overlays, the functions of Triggers, and expressions that mean harm."""

from __future__ import annotations

import os

import pytest
from holkas.extensions.trigger import Outcome
from holkas_compat.tekton.triggers.cel import functions
from holkas_compat.tekton.triggers.cel.evaluator import Evaluator, ExpressionError
from holkas_compat.tekton.triggers.cel.static import MAX_LENGTH, fault, syntax_fault
from holkas_compat.tekton.triggers.cel.worker import answer
from holkas_compat.tekton.triggers.overlay_path import OverlayPathError, put
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.triggers.documents import echo, interceptor, listener, param, send

VARIABLES = {
    "body": {
        "ref": "refs/heads/main",
        "count": 2.0,
        "measure": 1.7,
        "sha": "6113728f27ae",
        "labels": [{"name": "test-a"}, {"name": "test-b"}],
        "b64": "aGVsbG8=",
        "nothing": None,
        "json": '{"item": 1}',
    },
    "header": {"X-Test": ["one", "two"]},
    "extensions": {"a": "b"},
    "requestURL": "/path?s=testing&s=2",
}


def evaluate(expression: str):
    """The value of an expression, in this process; an error is its sentence."""
    made = answer(
        {"expressions": [expression], "variables": VARIABLES, "secrets": {"hook/token": "czNjcmV0"}}
    )
    return made["values"][0] if "values" in made else made["error"]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("body.ref == 'refs/heads/main'", True),
        ("body.ref.split('/')[2]", "main"),
        ("body.ref.split('/', 2)", ["refs", "heads/main"]),
        ("'ab'.split('')", ["a", "b"]),
        ("'abc'.split('', 2)", ["a", "bc"]),
        ("'abc'.split('b', 0)", []),
        ("['a', 'b'].join('/')", "a/b"),
        ("'this that another'.replace('th ', ' ', 2)", "this that another"),
        ("'ABC'.lowerAscii()", "abc"),
        ("body.count + 1.0", 3.0),
        ("int(body.count) + 2", 4.0),
        ("body.sha.truncate(7)", "6113728"),
        ("body.sha.truncate(700)", "6113728f27ae"),
        ("'über'.truncate(1)", ""),
        ("header.match('x-test', 'one')", True),
        ("header.match('X-Test', 'two')", False),
        ("header.canonical('x-test')", "one"),
        ("header.canonical('X-Missing')", ""),
        ("header['X-Test'][1]", "two"),
        ("body.labels.exists(x, x.name == 'test-b')", True),
        ("body.labels.map(x, x.name.substring(x.name.lastIndexOf('-') + 1))", ["a", "b"]),
        ("body.labels.filter(x, x.name.endsWith('-b'))", [{"name": "test-b"}]),
        ("body.labels.first().name", "test-a"),
        ("body.labels.last().name", "test-b"),
        ("body.json.parseJSON().item", 1.0),
        ("'a: {b: yes}'.parseYAML().a.b", True),
        ("'a: [1, x]'.parseYAML().a", [1.0, "x"]),
        ("''.parseYAML()", {}),
        ("body.labels.marshalJSON()", '[{"name":"test-a"},{"name":"test-b"}]'),
        ("{'a': [1, null]}.marshalJSON()", '{"a":[1,null]}'),
        ("'https://u:p%20x@example.com:1/t/p%C3%A4?q=1#f'.parseURL().auth.password", "p x"),
        ("'https://u:p@example.com:1/t/p%C3%A4?q=1#f'.parseURL().host", "example.com:1"),
        ("'https://example.com/p%C3%A4'.parseURL().path", "/pä"),
        ("requestURL.parseURL().query.s", "testing,2"),
        ("requestURL.parseURL().queryStrings.s[0]", "testing"),
        ("base64.decode(body.b64) == b'hello'", True),
        ("string(body.b64.decodeb64())", "hello"),
        ("base64.decode(body.b64)", "aGVsbG8="),
        ("'s3cret'.compareSecret('token', 'hook')", True),
        ("'s3cret'.compareSecret('token', 'hook', 'elsewhere')", True),
        ("'wrong'.compareSecret('token', 'hook')", False),
        ("'This is $an Invalid5String '.translate('[^a-z0-9]+', '')", "hisisannvalid5tring"),
        ("'a1b2'.translate('([0-9])', '<${1}>')", "a<1>b<2>"),
        ("has(body.nope) || extensions.a == 'b'", True),
        ("{'k': body.nothing}", {"k": None}),
        ("body.count == 2", True),
    ],
)
def test_expressions_give_what_the_documentation_says(expression, value):
    made = evaluate(expression)
    assert made == value
    assert type(made) is type(value)


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("body.measure * 3", "no such overload"),
        ("body.missing", "no such key: missing"),
        ("body.nothing", "null"),
        ("nonsense == 1", "undeclared reference to 'nonsense'"),
        ("body.ref.nonsense()", "undeclared reference to function 'nonsense'"),
        ("body.ref ==", "Syntax error"),
        ("1 / 0", "division by zero"),
        ("timestamp('2020-01-01T00:00:00Z')", "type that JSON has not"),
        ("{1: 2}", "keys are no texts"),
        ("double('NaN')", "no number"),
        ("[].first()", "first: the list is empty"),
        ("[].last()", "last: the list is empty"),
        ("'x'.truncate(-1)", "negative"),
        ("'{'.parseJSON()", "no JSON"),
        ("'[]'.parseJSON()", "no mapping"),
        ("'a: ['.parseYAML()", "no YAML"),
        ("'1'.parseYAML()", "no mapping"),
        ("'http://[::1'.parseURL()", "no URL"),
        ("'a\\nb'.parseURL()", "control characters"),
        ("body.ref.marshalJSON()", "only mappings and lists"),
        ("'%'.decodeb64()", "no base64"),
        ("'x'.translate('(', '')", "translate"),
        ("'x'.compareSecret('nope', 'hook')", "there is no secret hook with a key nope"),
        ("'" + "x" * MAX_LENGTH + "'", "are allowed"),
    ],
)
def test_what_cannot_be_evaluated_is_one_sentence(expression, said):
    sentence = evaluate(expression)
    assert said in sentence
    assert "\n" not in sentence
    assert "s3cret" not in sentence


def test_a_filter_decides_and_overlays_become_extensions():
    trigger = echo(
        "$(extensions.branch)",
        interceptors=[
            interceptor(
                "cel",
                filter="header.match('X-Kind', 'push') && body.x > 1",
                overlays=[{"key": "branch", "expression": "body.ref.split('/')[2]"}],
            )
        ],
    )
    (rendered,) = send(listener(trigger), {"x": 2, "ref": "a/b/main"}, X_Kind="push")
    assert param(rendered) == "main"
    for body, kind in [({"x": 1, "ref": "a/b/c"}, "push"), ({"x": 2, "ref": "a/b/c"}, "ping")]:
        (rendered,) = send(listener(trigger), body, X_Kind=kind)
        assert (rendered.outcome, rendered.reason[:22]) == (Outcome.FILTERED, "the filter is not true")


@pytest.mark.parametrize("expression", ["'true'", "1", "[true]"])
def test_only_true_is_true(expression):
    (rendered,) = send(listener(echo("1", interceptors=[interceptor("cel", filter=expression)])))
    assert rendered.outcome is Outcome.FILTERED


def test_a_broken_expression_names_the_overlay():
    overlays = [{"key": "good", "expression": "1"}, {"key": "bad", "expression": "body.no"}]
    (rendered,) = send(listener(echo("1", interceptors=[interceptor("cel", overlays=overlays)])))
    assert rendered.reason == "the overlay bad cannot be evaluated: no such key: no"


@pytest.mark.parametrize("key", ["", "a*", "a..b", "l.x"])
def test_a_key_that_is_no_path_breaks_the_trigger(key):
    overlays = [{"key": "l.0", "expression": "1"}, {"key": key, "expression": "1"}]
    (rendered,) = send(listener(echo("1", interceptors=[interceptor("cel", overlays=overlays)])))
    assert rendered.outcome is Outcome.FAILED
    assert "the key of an overlay" in rendered.reason


@pytest.mark.parametrize("body", [b"[]", b"{"])
def test_a_body_that_is_no_mapping_passes_no_filter(body):
    own = listener(
        echo("1", interceptors=[interceptor("cel", filter="true")]),
        annotations={"tekton.dev/payload-validation": "false"},
    )
    assert send(own, body)[0].outcome is Outcome.FILTERED
    assert send(own, b"")[0].outcome is Outcome.STARTS


BOMBS = {
    "time": "body.l.all(a, body.l.all(b, body.l.all(c, a + b + c >= 0.0)))",
    "memory": "body.l.map(a, body.l.map(b, body.l.map(c, [a, b, c])))",
    "pattern": "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.translate('(a+)+$', '')",
}


@pytest.mark.parametrize("expression", BOMBS.values(), ids=BOMBS)
def test_a_bomb_ends_with_a_sentence_and_the_next_expression_works(expression):
    with Evaluator(time_limit=1.0) as evaluator:
        with pytest.raises(ExpressionError, match="too much memory"):
            evaluator.evaluate([expression], {**VARIABLES, "body": {"l": [1.0] * 3000}}, {})
        assert evaluator.evaluate(["1 + 1"], VARIABLES, {}) == [2.0]


@pytest.mark.parametrize("unit", ["!", "(", "-", "[", "1+", "true?1:", "a.", "{'a':"])
def test_an_expression_of_one_thing_many_times_is_harmless(unit):
    assert isinstance(fault(unit * 3000 + "1"), str)


def test_the_process_has_no_terminal_and_ends():
    evaluator = Evaluator()
    assert evaluator.evaluate(["body.a", "'x'"], {"body": {"a": 1.0}}, {}) == [1.0, "x"]
    process = evaluator._process
    assert process is not None
    assert os.getsid(process.pid) == process.pid
    evaluator.close()
    assert process.poll() is not None
    evaluator.close()


def test_a_process_that_died_is_started_again():
    with Evaluator() as evaluator:
        assert evaluator.evaluate(["1"], {}, {}) == [1.0]
        assert evaluator._process is not None
        evaluator._process.kill()
        evaluator._process.wait()
        with pytest.raises(ExpressionError):
            evaluator.evaluate(["1"], {}, {})
        assert evaluator.evaluate(["1"], {}, {}) == [1.0]


def test_an_error_says_which_expression_it_is():
    with Evaluator() as evaluator, pytest.raises(ExpressionError) as error:
        evaluator.evaluate(["1", "nope"], {}, {})
    assert error.value.index == 1


@given(st.text(max_size=60))
def test_any_text_is_an_expression_or_has_a_fault(text):
    assert "\n" not in fault(text)


def test_the_names_of_macros_and_functions_in_spaces_are_known():
    assert fault("body.l.map(item, base64.encode(bytes(item)))") == ""
    assert fault("type(body) == map && strings.quote('a') != ''") == ""
    assert syntax_fault("a(") != ""


@pytest.mark.parametrize(
    ("keys", "made"),
    [
        (["a"], {"a": 0}),
        (["a.b", "a.c"], {"a": {"b": 0, "c": 1}}),
        ([r"a\.b"], {"a.b": 0}),
        (["a.0", "a.-1", "a.3"], {"a": [0, 1, None, 2]}),
        (["a", "a.b"], {"a": {"b": 1}}),
        (["a.:0"], {"a": {"0": 0}}),
        (["a.0.b", "a.0.c"], {"a": [{"b": 0, "c": 1}]}),
    ],
)
def test_overlays_go_where_their_keys_say(keys, made):
    target: dict[str, object] = {}
    for value, key in enumerate(keys):
        put(target, key, value)
    assert target == made


def test_an_index_beyond_reason_is_refused():
    with pytest.raises(OverlayPathError):
        put({"a": []}, "a.999999999", 1)


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_two_keys_are_paths_or_refused(first, second):
    target: dict[str, object] = {}
    for key in (first, second):
        try:
            put(target, key, 1)
        except OverlayPathError as error:
            assert str(error)
        else:
            assert target


def test_functions_are_the_documented_ones():
    from holkas_compat.tekton.triggers.cel.names import TRIGGERS_FUNCTIONS

    assert set(functions.functions({})) == TRIGGERS_FUNCTIONS
