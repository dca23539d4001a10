"""Our quick decorator makes the same of a class as the standard one, for every record of the project and then some."""

from __future__ import annotations

import copy
import dataclasses
import importlib
import inspect
import pickle
import pkgutil
import sys
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import holkas
import holkas_builtin
import holkas_compat
import pytest
from holkas.records import dataclass, replace

Decorator = Callable[..., Any]
STANDARD: Decorator = dataclasses.dataclass
OURS: Decorator = dataclass


def modules() -> Iterator[str]:
    for package in (holkas, holkas_builtin, holkas_compat):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                yield found.name


def records() -> list[type]:
    found: dict[str, type] = {}
    for name in modules():
        for value in vars(importlib.import_module(name)).values():
            if inspect.isclass(value) and "__record_shown__" in vars(value) and value.__module__ == name:
                found[f"{name}.{value.__qualname__}"] = value
    return [found[name] for name in sorted(found)]


@pytest.mark.parametrize("record", records(), ids=lambda record: f"{record.__module__}.{record.__name__}")
def test_every_record_of_the_project_has_its_standard_shape(record: type) -> None:
    assert dataclasses.is_dataclass(record)
    fields = dataclasses.fields(record)
    parameters = inspect.signature(record).parameters
    assert list(parameters) == [field.name for field in (*_by_place(fields), *_by_name(fields)) if field.init]
    assert record.__match_args__ == tuple(field.name for field in _by_place(fields) if field.init)
    for field in fields:
        if field.init:
            required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
            assert (parameters[field.name].default is inspect.Parameter.empty) == required


def _by_place(fields: tuple[dataclasses.Field[Any], ...]) -> list[dataclasses.Field[Any]]:
    return [field for field in fields if not field.kw_only]


def _by_name(fields: tuple[dataclasses.Field[Any], ...]) -> list[dataclasses.Field[Any]]:
    return [field for field in fields if field.kw_only]


def test_there_are_many_records() -> None:
    assert len(records()) > 100


class Shapes:
    """The same classes, made by one decorator or the other."""

    def __init__(self, decorator: Decorator) -> None:
        @decorator(frozen=True, slots=True, kw_only=True)
        class Keyword:
            a: int
            b: tuple[int, ...] = ()
            c: dict[str, int] = dataclasses.field(default_factory=dict)
            kind: ClassVar[str] = "k"

        @decorator(frozen=True, slots=True, kw_only=True)
        class Child(Keyword):
            d: str = "d"

        @decorator(slots=True)
        class Mutable:
            x: int
            y: list[int] = dataclasses.field(default_factory=list)
            z: int = dataclasses.field(default=3, init=False, repr=False, compare=False)

        @decorator(frozen=True)
        class One:
            only: float

        @decorator(frozen=True, slots=True, eq=False)
        class Same:
            a: int

        @decorator
        class Checked:
            low: int
            high: int = dataclasses.field(default=9, kw_only=True)

            def __post_init__(self) -> None:
                if self.low > self.high:
                    raise ValueError("upside down")

            def __repr__(self) -> str:
                return "mine"

        @decorator(frozen=True)
        class Empty:
            pass

        @decorator(frozen=True)
        class Late:
            found: int = dataclasses.field(init=False)
            made: list[int] = dataclasses.field(init=False, default_factory=list)

        @decorator(frozen=True, order=True)
        class Ordered:
            a: int

        @decorator
        class Special:
            a: int
            given: dataclasses.InitVar[int] = 2

            def __post_init__(self, given: int) -> None:
                self.a += given

        self.keyword, self.child, self.mutable, self.one, self.same = Keyword, Child, Mutable, One, Same
        self.checked, self.empty, self.late, self.ordered, self.special = (
            Checked,
            Empty,
            Late,
            Ordered,
            Special,
        )


@pytest.fixture(params=["standard", "first few", "compiled"])
def shapes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Shapes:
    few = {"standard": 0, "first few": 1000, "compiled": 0}
    monkeypatch.setattr("holkas.records._FEW", few[request.param])
    return Shapes(STANDARD if request.param == "standard" else OURS)


def test_construction_and_text(shapes: Shapes) -> None:
    assert repr(shapes.keyword(a=1)).endswith("Keyword(a=1, b=(), c={})")
    assert repr(shapes.child(a=1, d="x")).endswith("Child(a=1, b=(), c={}, d='x')")
    assert repr(shapes.mutable(1)).endswith("Mutable(x=1, y=[])")
    assert repr(shapes.empty()).endswith("Empty()")
    assert repr(shapes.checked(1)) == "mine"
    assert shapes.keyword.kind == "k"
    assert shapes.mutable(1).z == 3
    assert shapes.late().made == []
    assert shapes.special(1).a == 3


@pytest.mark.parametrize(
    "wrong",
    [
        lambda shapes: shapes.keyword(1),
        lambda shapes: shapes.keyword(),
        lambda shapes: shapes.mutable(1, [], 3),
        lambda shapes: shapes.one(other=1),
        lambda shapes: shapes.one(1, only=1),
        lambda shapes: shapes.one(1, 2),
        lambda shapes: shapes.checked(1, 2),
        lambda shapes: shapes.late(found=1),
        lambda shapes: shapes.empty(1),
    ],
)
def test_what_cannot_be_made(shapes: Shapes, wrong: Callable[[Shapes], object]) -> None:
    with pytest.raises(TypeError):
        wrong(shapes)


def test_objects_are_the_same_before_and_after_their_init_is_compiled() -> None:
    mutable = Shapes(OURS).mutable
    made = [mutable(1, y=[2]) for _ in range(20)]
    assert all(each == made[0] and each.z == 3 for each in made)
    assert hasattr(made[0], "__slots__")


def test_each_gets_a_default_of_its_own(shapes: Shapes) -> None:
    assert shapes.mutable(1).y is not shapes.mutable(1).y


def test_post_init(shapes: Shapes) -> None:
    with pytest.raises(ValueError, match="upside"):
        shapes.checked(10)
    assert shapes.checked(10, high=11).high == 11


def test_equality_and_hash(shapes: Shapes) -> None:
    assert shapes.one(1) != shapes.one(2)
    assert hash(shapes.one(1)) == hash(shapes.one(1))
    assert shapes.empty() == shapes.empty()
    assert shapes.keyword(a=1) != shapes.child(a=1)
    assert shapes.same(1) != shapes.same(1)
    assert len({shapes.same(1), shapes.same(1)}) == 2
    assert shapes.ordered(1) < shapes.ordered(2)
    left, right = shapes.mutable(1), shapes.mutable(1)
    left.z = 4
    assert left == right
    with pytest.raises(TypeError):
        hash(left)
    with pytest.raises(TypeError):
        hash(shapes.keyword(a=1))  # a dict is among its fields


def test_values_are_compared_as_in_a_tuple() -> None:
    """As with the standard decorator up to Python 3.12; later ones find no object equal to itself that holds a NaN."""
    one, nan = Shapes(OURS).one, float("nan")
    assert one(nan) == one(nan)
    assert one(nan) != one(float("nan"))


def test_frozen_means_frozen(shapes: Shapes) -> None:
    record = shapes.keyword(a=1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        record.a = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        del record.a
    with pytest.raises((AttributeError, TypeError)):
        object.__setattr__(record, "more", 1)  # slots
    with pytest.raises(AttributeError):
        shapes.mutable(1).more = 1


def test_replace_copy_and_match(shapes: Shapes) -> None:
    record = shapes.child(a=1, b=(2,), d="x")
    assert dataclasses.replace(record, d="y") == shapes.child(a=1, b=(2,), d="y")
    assert copy.deepcopy(record) == record
    assert copy.copy(shapes.mutable(1)) == shapes.mutable(1)
    if sys.version_info >= (3, 13):
        assert copy.replace(record, a=3).a == 3
    assert dataclasses.asdict(record) == {"a": 1, "b": (2,), "c": {}, "d": "x"}
    match shapes.mutable(5):
        case shapes.mutable(x):
            assert x == 5


def test_a_mutable_default_is_refused() -> None:
    for decorator in (STANDARD, OURS):
        with pytest.raises(ValueError, match="mutable default"):

            @decorator
            class Wrong:
                items: list[int] = []  # noqa: RUF012 - what is tested


@dataclass(frozen=True, slots=True)
class Kept:
    """Pickle needs a class that it can find."""

    a: int
    b: str = "b"


def test_pickle() -> None:
    assert pickle.loads(pickle.dumps(Kept(1))) == Kept(1)


def test_annotations_are_there_for_tools() -> None:
    found = inspect.signature(Kept).parameters.values()
    assert [(each.name, each.annotation) for each in found] == [("a", "int"), ("b", "str")]
    assert [field.type for field in dataclasses.fields(Kept)] == ["int", "str"]
    assert str(inspect.signature(Shapes(OURS).mutable)).startswith("(x: 'int', y: 'list[int]' = <factory>)")


@dataclass(frozen=True, slots=True)
class _Pair:
    left: int
    right: list[int] = dataclasses.field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Triple(_Pair):
    more: str = "m"


@dataclass(frozen=True)
class _Open:
    left: int
    right: int = 2


@dataclass(frozen=True, slots=True)
class _Checked:
    left: int
    right: int = 2

    def __post_init__(self) -> None:
        if self.left > self.right:
            raise ValueError("the left one is the smaller")


@pytest.mark.parametrize("record", [_Pair(1), _Triple(1, [2], "3"), _Open(1), _Checked(1)])
def test_a_changed_copy_is_that_of_the_standard_library(record: Any) -> None:
    for changes in ({}, {"left": 0}, {"left": 1, "right": 7}):
        made = replace(record, **changes)
        assert made == dataclasses.replace(record, **changes)
        assert type(made) is type(record)
        assert made is not record
    assert record.left == 1
    with pytest.raises(TypeError):
        replace(record, other=1)


def test_a_changed_copy_is_checked_again() -> None:
    with pytest.raises(ValueError, match="smaller"):
        replace(_Checked(1), left=3)
