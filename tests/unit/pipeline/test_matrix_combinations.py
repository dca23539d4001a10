from __future__ import annotations

from math import prod

import pytest
from holkas.model.param import Param
from holkas.model.pipeline import Matrix, MatrixInclude, PipelineTask
from holkas.pipeline.matrix import (
    combination_display_name,
    combination_names,
    combinations,
    count_combinations,
    has_empty_array,
)
from hypothesis import given
from hypothesis import strategies as st


def matrix(include: tuple[dict[str, str], ...] = (), **arrays: tuple[str, ...]) -> Matrix:
    return Matrix(
        params=tuple(Param(name=name, value=values) for name, values in arrays.items()),
        include=tuple(
            MatrixInclude(name=f"i{index}", params=tuple(Param(name=k, value=v) for k, v in each.items()))
            for index, each in enumerate(include)
        ),
    )


def fan_out(each: Matrix) -> list[dict[str, object]]:
    return [{param.name: param.value for param in params} for params in combinations(each)]


def test_the_first_param_varies_fastest() -> None:
    found = fan_out(matrix(number=("one", "two"), letter=("p", "q")))
    assert [(each["number"], each["letter"]) for each in found] == [
        ("one", "p"),
        ("two", "p"),
        ("one", "q"),
        ("two", "q"),
    ]


def test_params_of_a_combination_are_sorted_by_name() -> None:
    assert [param.name for param in combinations(matrix(z=("1",), a=("2",), m=("3",)))[0]] == ["a", "m", "z"]


def test_include_is_merged_where_it_contradicts_nothing() -> None:
    found = fan_out(
        matrix(({"arch": "arm", "flags": "-v"}, {"common": "yes"}), arch=("amd", "arm"), go=("1", "2"))
    )
    assert found == [
        {"arch": "amd", "go": "1", "common": "yes"},
        {"arch": "arm", "go": "1", "flags": "-v", "common": "yes"},
        {"arch": "amd", "go": "2", "common": "yes"},
        {"arch": "arm", "go": "2", "flags": "-v", "common": "yes"},
    ]


def test_include_with_a_new_value_is_a_combination_of_its_own() -> None:
    found = fan_out(matrix(({"arch": "risc"},), arch=("amd",)))
    assert found == [{"arch": "amd"}, {"arch": "risc"}]


def test_include_alone() -> None:
    assert fan_out(matrix(({"a": "1"}, {"b": "2"}))) == [{"a": "1"}, {"b": "2"}]


def test_nothing_at_all() -> None:
    assert combinations(Matrix()) == []
    assert count_combinations(None) == 0
    assert count_combinations(Matrix()) == 0


def test_empty_array() -> None:
    assert has_empty_array(matrix(a=("1",), b=()))
    assert not has_empty_array(matrix(a=("1",)))
    assert not has_empty_array(Matrix(params=(Param(name="a", value="$(tasks.t.results.r[*])"),)))
    assert combinations(matrix(a=("1",), b=())) == []


@pytest.mark.parametrize(
    ("each", "count"),
    [
        (matrix(a=("1", "2"), b=("3", "4", "5")), 6),
        (matrix(({"a": "1"}, {"c": "x"}), a=("1", "2")), 2),
        (matrix(({"a": "9"}, {"a": "8", "b": "7"}), a=("1",), b=("2",)), 4),
        (matrix(({"a": "1"}, {"b": "2"})), 2),
        (Matrix(params=(Param(name="a", value="$(tasks.t.results.r[*])"),)), 0),
    ],
)
def test_count_as_tekton_counts(each: Matrix, count: int) -> None:
    assert count_combinations(each) == count


def test_names() -> None:
    assert combination_names("run-task", 3) == ["run-task-0", "run-task-1", "run-task-2"]


def test_display_names() -> None:
    fields = matrix(({"arch": "arm"}, {"arch": "amd"}), arch=("amd", "arm"))
    fields = Matrix(
        params=fields.params,
        include=(MatrixInclude(name="on $(params.arch)", params=fields.include[0].params), fields.include[1]),
    )
    task = PipelineTask(name="t", display_name="Build $(params.arch)", matrix=fields)
    assert combination_display_name(task, [Param(name="arch", value="arm")]) == "on arm"
    assert combination_display_name(task, [Param(name="arch", value="amd")]) == "i1"
    assert combination_display_name(task, [Param(name="arch", value="other")]) == "Build other"
    plain = PipelineTask(name="t", display_name="Build $(params.arch)")
    assert combination_display_name(plain, [Param(name="arch", value="x")]) == "Build x"


ARRAYS = st.dictionaries(
    st.sampled_from("abcd"), st.lists(st.sampled_from("xyz"), min_size=1, max_size=3, unique=True), min_size=1
)


@given(ARRAYS)
def test_every_combination_appears_once(arrays: dict[str, list[str]]) -> None:
    found = fan_out(matrix(**{name: tuple(values) for name, values in arrays.items()}))
    assert len(found) == prod(map(len, arrays.values()))
    assert len({tuple(sorted(each.items())) for each in found}) == len(found)
    assert count_combinations(matrix(**{n: tuple(v) for n, v in arrays.items()})) == len(found)
