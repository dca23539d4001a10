"""The building blocks of validation: places, flags, names, references, templates, CEL and Go's patterns."""

from __future__ import annotations

import pytest
from holkas_compat.tekton.validation import FeatureFlags, Level
from holkas_compat.tekton.validation.cel import compile_fault
from holkas_compat.tekton.validation.cel_reader import mismatch
from holkas_compat.tekton.validation.durations import nanoseconds
from holkas_compat.tekton.validation.go_regexp import fault
from holkas_compat.tekton.validation.graph import find_cycle
from holkas_compat.tekton.validation.names import did_you_mean, is_label, is_subdomain, qualified_name_fault
from holkas_compat.tekton.validation.scope import Collector, Scope, join_fields
from holkas_compat.tekton.validation.template import merged_steps
from holkas_compat.tekton.validation.values import array_of, object_of, string_of, strings_of, type_of
from holkas_compat.tekton.validation.variables import PARAM, references, unknown
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.tekton.validation.documents import STABLE, judge, named, pipeline, task, with_param


def test_fields_are_joined_as_tekton_prints_them() -> None:
    assert join_fields("spec", "tasks", "[0]", "", "params", "[a.b]") == "spec.tasks[0].params.[a.b]"
    assert join_fields("spec", "", "tasks[1].x") == "spec.tasks[1].x"
    assert join_fields("", "") == ""


def test_one_mistake_seen_twice_is_one_problem_with_all_fields() -> None:
    collector = Collector(FeatureFlags(), "v1")
    for fields in (("a",), ("b", "c")):
        Scope(collector, ("spec",), fields[:1]).report("T101", "m", *fields[1:], "")
    Scope(collector, ("spec",), ("b",)).report("T101", "m", "")
    (problem,) = collector.problems()
    assert problem.fields == ("a", "b.c", "b")
    assert problem.path == ("spec",)


def test_all_problems_are_told_at_once() -> None:
    codes = [problem.code for problem in judge(pipeline(named("A", onError="x"), named("A", runAfter=["c"])))]
    assert sorted(codes) == ["T402", "T402", "T403", "T408"]


def test_a_cycle_is_named() -> None:
    document = pipeline(
        named("a", runAfter=["c"]), named("b", runAfter=["a"]), named("c", runAfter=["b"]), named("d")
    )
    (problem,) = [problem for problem in judge(document) if problem.code == "T410"]
    assert '"a" → "c" → "b" → "a"' in problem.message


def test_undefined_names_come_with_the_nearest_one() -> None:
    (problem,) = judge(pipeline(named("a", **with_param("$(params.versoin)")), params=[{"name": "version"}]))
    assert problem.hint == "did you mean `version`?"
    assert problem.within == "$(params.versoin)"
    assert problem.path == ("spec", "tasks", 0, "params", 0, "value")


def test_levels() -> None:
    assert Level.ALPHA.allows(Level.BETA)
    assert not Level.STABLE.allows(Level.BETA)
    assert FeatureFlags.for_level(Level.ALPHA).cel
    assert not FeatureFlags.for_level(Level.BETA).param_enum
    struct = {"enableAPIFields": "stable", "disableInlineSpec": "pipeline,taskrun", "enableArtifacts": True}
    flags = FeatureFlags.from_struct(struct)
    assert (flags.level, flags.artifacts) == (Level.STABLE, True)
    assert flags.no_inline_spec == {"pipeline", "taskrun"}
    assert FeatureFlags.from_struct(None) == FeatureFlags()


@pytest.mark.parametrize(
    ("name", "label", "subdomain"),
    [
        ("a", True, True),
        ("a-1", True, True),
        ("-a", False, False),
        ("a.b", False, True),
        ("A", False, False),
        ("", False, False),
        ("a\n", False, False),
        ("a" * 64, False, True),
        ("a" * 254, False, False),
    ],
)
def test_names(name: str, label: bool, subdomain: bool) -> None:
    assert is_label(name) is label
    assert is_subdomain(name) is subdomain


def test_qualified_names() -> None:
    assert qualified_name_fault("a.b/C_d") == ""
    assert all(qualified_name_fault(name) for name in ("", "a/", "/a", "a/b/c", "A/b", "-a", "é", "a" * 64))


def test_nearest_name() -> None:
    assert did_you_mean("colour", ["color", "size"]) == "did you mean `color`?"
    assert did_you_mean("colour", []) == ""


@given(st.text(max_size=30))
def test_references_are_parts_of_the_text(value: str) -> None:
    text = f"$(params.{value})"
    assert all(reference.text in text for reference in references(text, PARAM))


def test_references_in_all_notations() -> None:
    found = references(
        """$(params.a) $(params.b.k) $(params["c.d"]) $(params['e']) $(params.f[*]) $(params[0])""", PARAM
    )
    assert [reference.name for reference in found] == ["a", "b", "c.d", "e", "f[*]"]
    assert references("$(param.a) $params.a $(results.a)", PARAM) == []


def test_a_shell_parenthesis_after_an_open_reference() -> None:
    assert unknown("$(params.a $(params.b)", PARAM, {"a", "b"}) is not None


def test_values() -> None:
    holder = {
        "array": ["a", None],
        "object": {"k": None},
        "mixed": [1],
        "number": 1,
        "text": "t",
        "none": None,
    }
    assert [type_of(holder, key) for key in holder] == [
        "array",
        "object",
        "string",
        "string",
        "string",
        "string",
    ]
    assert type_of(holder, "missing") == ""
    assert array_of(holder, "array") == ["a", ""]
    assert object_of(holder, "object") == {"k": ""}
    assert [string_of(holder, key) for key in ("mixed", "number", "text", "none", "array")] == [
        "[1]",
        "1",
        "t",
        "",
        "",
    ]
    assert strings_of(holder, "array") == ["", "a", ""]


def test_template_under_a_step() -> None:
    document = task(
        steps=[
            {"name": "a", "env": [{"name": "E", "value": "$(params.x)"}]},
            {"name": "b", "ref": {"name": "r"}},
        ],
        stepTemplate={
            "image": "$(params.i)",
            "env": [{"name": "E", "value": "e"}, {"name": "F", "value": "f"}],
        },
    )
    first, second = merged_steps(
        document["spec"], Scope(Collector(FeatureFlags(), "v1"), ("spec",), ("spec",))
    )
    assert first.text("image") == "$(params.i)"
    assert first.path("image") == ("spec", "stepTemplate", "image")
    assert [entry["name"] for _, entry in first.entries("env")] == ["E", "F"]
    assert [path[1] for path, _ in first.entries("env")] == ["steps", "stepTemplate"]
    assert second.text("image") == ""
    paths = {problem.path for problem in judge(document) if problem.code == "T311"}
    assert paths == {("spec", "stepTemplate", "image"), ("spec", "steps", 0, "env", 0, "value")}


def test_durations_that_cannot_be_read_are_left_to_decoding() -> None:
    assert nanoseconds("1h") == 3_600_000_000_000
    assert [nanoseconds(value) for value in ("", None, 5, "soon")] == [None] * 4


@pytest.mark.parametrize(
    "pattern",
    ["", ".*", "a{2,1000}", r"\pL\p{Greek}\PN", r"\Qa[\E", r"a\z", "[[:alpha:]]+", "(?i)a(?-i:b)", "(?P<n>a)(?<m>b)",
     r"\*+", "[*+]", "a+?"],
)  # fmt: skip
def test_patterns_that_go_reads(pattern: str) -> None:
    assert fault(pattern) == ""


@pytest.mark.parametrize(
    "pattern",
    ["^[", "(?=a)", "(?!a)", "(?<=a)b", "(?>a)", r"(a)\1", "(?P<n>a)(?P=n)", "a++", "a**", "a{1001}", "a{2,1001}",
     r"a\Z", "(", "*", "(?#c)"],
)  # fmt: skip
def test_patterns_that_go_refuses(pattern: str) -> None:
    assert fault(pattern) != ""


@pytest.mark.parametrize(
    "expression",
    [r"true", "'a' == 'b'", "size('abc') > 2", "'x' in ['x']", "1/0 == 1", "['a'].exists(x, x == 'a')", "type(1) == int",
     '"$(params.x)" != "3"', "true ? 1 == 1 : false", "'a' in {'a': 1}", "[1, 'a'].size() == 2", "'a' in []",
     "has({'a': 1}.a)", "[1, 2].map(x, x * 2) == [2, 4]", "['a'].filter(x, x == 'a') == []", "-1.5 < 2.5",
     "dyn(1) == 'a'", "{'a': 1}['a'] + 1 == 2", "{'a': 1}.b == 2", r"r'\d' + 'x' == 'y'", "b'a' + b'b' == b'ab'",
     "timestamp('2026-01-01T00:00:00Z') - timestamp('2025-01-01T00:00:00Z') > duration('1h')", "[1][0] == 1",
     "timestamp('2026-01-01T00:00:00Z').getFullYear() == 2026", "[1, 2,].exists_one(x, x > 1)", "1u + 2u == 3u",
     "{'a': 'b'}.all(k, k == 'a')", "dyn([1]).filter(x, x == 1) == [1]", "dyn({'a': 1}).a == 1", "dyn([1])[0] == 'a'",
     "duration('1h') + timestamp('2026-01-01T00:00:00Z') == timestamp('2026-01-01T01:00:00Z')", "1 + dyn(2) == 3"],
)  # fmt: skip
def test_cel_that_compiles(expression: str) -> None:
    assert compile_fault(expression) == ""


@pytest.mark.parametrize(
    "expression",
    ["", "1 +", "$(params.x) == 'a'", "params.x == 'a'", "nosuch('a')", "1 && true", "'a' + 1", "!'a'", "'1' == 1",
     "true && 'x' != false", "1 == 1.0", "1 < 1.5", "'a' in [1]", "1 in ['a']", "1 in 'a'", "[1] == ['a']", "null == 1",
     "true ? 1 : 'a'", "1 ? true : false", "{'a': 1}.b.c", "'a'.b", "'a'[0]", "['a']['b'] == 'a'", "[1] + ['a'] == []",
     "'a' == 'b' == 'c'", "'a' - 'b' == 'c'", "5 % 2.0 == 1.0", "[1].exists(x, x)", "[1].all(x, x == 'a')", "-'a' == 1",
     "{'a': 1}[1] == 1", "[1] < [2]"],
)  # fmt: skip
def test_cel_that_does_not(expression: str) -> None:
    assert "\n" not in compile_fault(expression)
    assert compile_fault(expression) != ""


def test_pieces_that_are_no_references_to_results_of_a_task_in_finally() -> None:
    """Tekton leaves out what has too many words; the result beside it is still judged."""
    value = "$(tasks.a.results.b.c.d) $(tasks.g.results.r)"
    document = pipeline(named("a"), **{"finally": [named("f", **with_param(value)), named("g")]})
    (problem,) = judge(document)
    assert (problem.code, problem.within) == ("T421", "$(tasks.g.results.r)")


@pytest.mark.parametrize("value", ["$(params.list.a.b)", "$(params.list.a.b) x"])
def test_too_many_words_after_an_array(value: str) -> None:
    document = task(steps=[{"image": value, "args": [value]}], params=[{"name": "list", "type": "array"}])
    assert {problem.code for problem in judge(document)} == {"T314"}


def test_find_cycle() -> None:
    assert find_cycle({"a": ["b"], "b": ["c"], "c": []}) == []
    assert find_cycle({"a": ["b", "d"], "d": ["a"]}) == ["a", "d"]
    assert find_cycle({str(number): [str(number + 1)] for number in range(5000)}) == []


def test_steps_after_a_wrong_one_stand_before_it_in_the_field() -> None:
    document = task(steps=[{"image": "$(params.a)"}] * 3, params=[{"name": "a", "type": "array"}])
    fields = {field for problem in judge(document, STABLE) for field in problem.fields}
    assert fields == {
        "spec.steps[2].image",
        "spec.steps[2].steps[1].image",
        "spec.steps[2].steps[1].steps[0].image",
    }


def test_what_cannot_be_looked_at_is_not_refused() -> None:
    assert mismatch("(" * 5000 + "1" + ")" * 5000) == ""
    assert mismatch("'a' == 1 || " * 1000 + "true") == ""
    assert (
        mismatch("'a' #")
        == mismatch("'a' 'b'")
        == mismatch("[1].all(1, true)")
        == mismatch("[1].all(x, )")
        == ""
    )
    assert mismatch("'a'.'b'") == mismatch("(1") == mismatch("1 +") == ""
    assert mismatch("google.protobuf.Duration{seconds: 1} == 1") == ""


def test_an_expression_with_loops_is_not_carried_out() -> None:
    loops = "".join(f"{list(range(99))}.map(x{depth}, " for depth in range(9))
    assert compile_fault(f"{loops}1{')' * 9} == 1") == "== does not take list and int"
    assert compile_fault(f"{loops}x0{')' * 9}.size() == 1") == ""
