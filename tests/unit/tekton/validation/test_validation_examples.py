"""Every rule of admission has a document that breaks it and one that all but breaks it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import holkas_compat.tekton.validation as package
import pytest
from holkas_compat.tekton.validation.codes import CODES

from tests.unit.tekton.validation.documents import Example, judge
from tests.unit.tekton.validation.examples import objects, params, pipelines, tasks

EXAMPLES = [*objects.EXAMPLES, *tasks.EXAMPLES, *params.EXAMPLES, *pipelines.EXAMPLES]
_CODE = re.compile(r'"(T[1-4]\d\d)"')


def _ids() -> list[str]:
    return [f"{example.code}-{index}" for index, example in enumerate(EXAMPLES)]


@pytest.mark.parametrize("example", EXAMPLES, ids=_ids())
def test_the_wrong_document_is_refused(example: Example) -> None:
    found = [problem for problem in judge(example.wrong, example.flags) if problem.code == example.code]
    assert found, judge(example.wrong, example.flags)
    assert {field for problem in found for field in problem.fields} >= set(example.fields)
    if not example.fields:
        assert all(problem.fields == () for problem in found)
    if example.within:
        assert found[0].within == example.within


@pytest.mark.parametrize("example", EXAMPLES, ids=_ids())
def test_the_problem_points_into_the_document(example: Example) -> None:
    for problem in judge(example.wrong, example.flags):
        node = _node(example.wrong, problem.path)
        if problem.within:
            assert isinstance(node, str) or problem.code in (
                "T316",
                "T411",
                "T421",
                "T422",
                "T423",
                "T315",
                "T432",
            )
            assert problem.within.strip("$()") in str(node)
        if problem.on_key and problem.path:
            assert isinstance(problem.path[-1], str)


@pytest.mark.parametrize("example", EXAMPLES, ids=_ids())
def test_the_near_miss_is_not(example: Example) -> None:
    flags = example.near_flags or example.flags
    assert example.code not in [problem.code for problem in judge(example.near_miss, flags)]


def test_every_code_has_an_explanation_and_examples() -> None:
    folder = Path(package.__file__).parent
    sources = [path for path in folder.glob("*.py") if not path.name.startswith("codes")]
    used = {code for path in sources for code in _CODE.findall(path.read_text(encoding="utf-8"))}
    assert used == set(CODES)
    assert {example.code for example in EXAMPLES} == set(CODES)
    assert all(doc.title and doc.text and "\n" not in doc.title for doc in CODES.values())


def _node(value: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        value = value[key]
    return value
