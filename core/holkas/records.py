"""Dataclasses that cost a fifth to define.

A command imports well over a hundred of them. :mod:`dataclasses` compiles five to seven methods for each, which was a
quarter of the time in which ``holkas run`` started; here one is compiled, ``__init__``, when more than a few objects are
made, and the others are shared by all classes. What comes out is a dataclass for everybody: :func:`dataclasses.fields`,
:func:`dataclasses.replace`, ``match``, ``copy`` and ``pickle`` work, type checkers see the standard decorator.
Source of the rules: Python's documentation of :mod:`dataclasses`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass", "replace"]

if TYPE_CHECKING:
    from dataclasses import dataclass, replace
else:

    def dataclass(
        cls: type | None = None,
        /,
        *,
        frozen: bool = False,
        slots: bool = False,
        kw_only: bool = False,
        eq: bool = True,
        **others: Any,
    ) -> Any:
        """As :func:`dataclasses.dataclass`; what is not made here (``order``, ``InitVar`` …) is made there."""

        def define(cls: type) -> type:
            if others or not _is_simple(cls):
                standard = dataclasses.dataclass(frozen=frozen, slots=slots, kw_only=kw_only, eq=eq, **others)
                return standard(cls)
            return _define(cls, frozen=frozen, slots=slots, kw_only=kw_only, eq=eq)

        return define if cls is None else define(cls)

    def replace(record: Any, /, **changes: Any) -> Any:
        """As :func:`dataclasses.replace`, at half its cost where every field has a slot and all are given to init."""
        cls = record.__class__
        plan = cls.__dict__.get("__record_copy__")
        if plan is None:
            plan = cls.__record_copy__ = _copy_plan(cls)
        if not plan:
            return dataclasses.replace(record, **changes)
        get, members, puts = plan
        made = object.__new__(cls)
        for put, value in zip(puts, get(record), strict=True):
            put(made, value)
        for name, value in changes.items():
            if name not in members:
                raise TypeError(f"{cls.__qualname__} has no field {name!r}")
            members[name](made, value)
        return made


_FACTORY = type("_Factory", (), {"__repr__": lambda self: "<factory>"})()
"""Stands in a signature for a default that is made anew each time."""

_MISSING = dataclasses.MISSING

_FEW = 4
"""Objects of a class that are made without a compiled ``__init__``, which costs as much as thirty of them."""


@dataclasses.dataclass(frozen=True)
class _Frozen:
    """Made by the standard library; what it keeps of its own in every dataclass is taken from here."""

    member: int


@dataclasses.dataclass
class _Plain:
    member: int


_FIELD: Any = dataclasses.fields(_Frozen)[0]


def _is_simple(cls: type) -> bool:
    """Whether every annotation is a text (``from __future__ import annotations``) that calls for nothing special."""
    return all(
        isinstance(text, str) and "InitVar" not in text and "KW_ONLY" not in text
        for text in cls.__annotations__.values()
    )


def _define(cls: type, *, frozen: bool, slots: bool, kw_only: bool, eq: bool) -> type:
    fields: dict[str, Any] = {}
    for base in cls.__mro__[-1:0:-1]:
        fields.update(base.__dict__.get("__dataclass_fields__", {}))
    own = _own_fields(cls, kw_only)
    fields.update(own)
    made: dict[str, Any] = {
        "__dataclass_fields__": fields,
        "__dataclass_params__": (_Frozen if frozen else _Plain).__dict__["__dataclass_params__"],
        "__match_args__": tuple(field.name for field in fields.values() if field.init and not field.kw_only),
        "__replace__": dataclasses.replace,
        "__init__": _init(cls, fields, frozen),
        "__signature__": _Signature(),
        "__record_shown__": tuple(name for name, field in fields.items() if field.repr),
        "__repr__": _repr,
    }
    if eq:
        made["__record_key__"] = _getter([name for name, field in fields.items() if field.compare])
        made["__eq__"] = _eq
    if frozen:
        made["__setattr__"], made["__delattr__"] = _setattr, _delattr
        made["__getstate__"], made["__setstate__"] = _getstate, _setstate
    for name, value in made.items():
        if name not in cls.__dict__:
            setattr(cls, name, value)
    if eq and cls.__dict__.get("__hash__") is None:
        cls.__hash__ = _hash if frozen else None  # type: ignore[assignment,method-assign]  # as object.__hash__ is declared
    for name, field in own.items():
        if isinstance(cls.__dict__.get(name), dataclasses.Field):
            if field.default is _MISSING:
                delattr(cls, name)
            else:
                setattr(cls, name, field.default)
    return _with_slots(cls, own) if slots else cls


def _copy_plan(cls: type) -> tuple[Any, ...]:
    """How to read all fields, how to write each and all of them; empty where a copy needs ``__init__``."""
    fields: dict[str, Any] = getattr(cls, "__dataclass_fields__", {})
    members = {name: getattr(cls, name, None) for name in fields}
    simple = all(isinstance(member, MemberDescriptorType) for member in members.values())
    if (
        len(fields) < 2
        or not simple
        or hasattr(cls, "__post_init__")
        or not all(f.init for f in fields.values())
    ):
        return ()
    puts = {name: member.__set__ for name, member in members.items()}  # type: ignore[union-attr]  # as was just asked
    return attrgetter(*fields), puts, tuple(puts.values())


def _own_fields(cls: type, kw_only: bool) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, text in cls.__annotations__.items():
        if text.startswith(("ClassVar", "typing.ClassVar")):
            continue
        field: Any = cls.__dict__.get(name, _MISSING)
        if not isinstance(field, dataclasses.Field):
            field = dataclasses.field(default=field)
        if field.default.__class__.__hash__ is None:
            raise ValueError(f"mutable default {type(field.default)} for field {name}: use default_factory")
        field.name, field.type, field._field_type = name, text, _FIELD._field_type
        if field.kw_only is _MISSING:
            field.kw_only = kw_only
        fields[name] = field
    return fields


class _Signature:
    """``__signature__`` of a class whose ``__init__`` is not compiled yet: that of the compiled one."""

    def __get__(self, instance: object, owner: type) -> Any:
        init: Any = owner.__dict__.get("__init__")
        if owner.__dict__.get("__signature__") is not self or not hasattr(init, "compiled"):
            raise AttributeError("__signature__")
        from inspect import signature

        whole = signature(init.compiled())
        return whole.replace(parameters=list(whole.parameters.values())[1:])


def _init(cls: type, fields: dict[str, Any], frozen: bool) -> Callable[..., None]:
    """An ``__init__`` that makes a few objects field by field, then puts a compiled one into its own place."""
    made = 0

    def compiled(owner: type = cls) -> Callable[..., None]:
        return _compiled_init(owner, fields, frozen)

    def __init__(self: Any, *args: Any, **named: Any) -> None:
        nonlocal made
        made += 1
        if made <= _FEW and _filled(self, fields, args, named):
            if hasattr(self, "__post_init__"):
                self.__post_init__()
            return
        fast = None
        for owner in type(self).__mro__:
            if owner.__dict__.get("__init__") is __init__:
                fast = owner.__init__ = compiled(owner)  # type: ignore[misc]  # a function takes another one's place
        (fast or compiled())(self, *args, **named)

    __init__.compiled = compiled  # type: ignore[attr-defined]  # for _Signature
    __init__.__qualname__ = f"{cls.__qualname__}.__init__"
    __init__.__module__ = cls.__module__
    return __init__


def _filled(record: Any, fields: dict[str, Any], args: tuple[Any, ...], named: dict[str, Any]) -> bool:
    """Set every field; False where the arguments do not fit, which the compiled ``__init__`` says in Python's words."""
    place, used = 0, 0
    for name, field in fields.items():
        if field.init and not field.kw_only and place < len(args):
            value = args[place]
            place += 1
        elif field.init and name in named:
            value = named[name]
            used += 1
        elif field.default is not _MISSING:
            value = field.default
        elif field.default_factory is not _MISSING:
            value = field.default_factory()
        elif field.init:
            return False
        else:
            continue
        object.__setattr__(record, name, value)
    return place == len(args) and used == len(named)


def _compiled_init(cls: type, fields: dict[str, Any], frozen: bool) -> Callable[..., None]:
    """``__init__`` with the signature that the fields ask for. To compile a line a field costs twice as much as this."""
    scope: dict[str, Any] = {"_factory": _FACTORY}
    places: list[str] = []
    keywords: list[str] = []
    values: dict[str, str] = {}
    for name, field in fields.items():
        value, parameter = name, name
        if field.default_factory is not _MISSING:
            scope[f"_default_{name}"] = field.default_factory
            value = f"_default_{name}()"
            if field.init:
                parameter, value = f"{name}=_factory", f"{value} if {name} is _factory else {name}"
        elif field.default is not _MISSING:
            scope[f"_default_{name}"] = field.default
            parameter = f"{name}=_default_{name}"
            value = name if field.init else f"_default_{name}"
        elif not field.init:
            continue
        if field.init:
            (keywords if field.kw_only else places).append(parameter)
        values[name] = value
    body = _assignments(cls, values, scope, frozen)
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    parameters = ", ".join(("self", *places, *(("*", *keywords) if keywords else ())))
    made: dict[str, Any] = {}
    exec(f"def __init__({parameters}):\n " + "\n ".join(body or ("pass",)), scope, made)  # noqa: S102 - our own text
    init: Any = made["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    init.__module__ = cls.__module__
    init.__annotations__ = {name: field.type for name, field in fields.items() if field.init}
    init.__annotations__["return"] = None
    return init  # type: ignore[no-any-return]  # compiled, so that its type is not known


def _assignments(cls: type, values: dict[str, str], scope: dict[str, Any], frozen: bool) -> list[str]:
    """Lines that put the values, by field, into ``self``; what they need is added to ``scope``."""
    if not frozen:
        return [f"self.{name} = {value}" for name, value in values.items()]
    members = [getattr(cls, name, None) for name in values]
    if values and all(isinstance(member, MemberDescriptorType) for member in members):
        scope["_members"] = tuple(member.__set__ for member in members if member is not None)
        whole = "".join(f"{value}, " for value in values.values())
        return [f"for _put, _value in zip(_members, ({whole})):", " _put(self, _value)"]
    scope["_set"] = object.__setattr__
    return [f"_set(self, {name!r}, {value})" for name, value in values.items()]


def _with_slots(cls: type, own: dict[str, Any]) -> type:
    """The class again, with slots: Python has no other way to add them."""
    inherited = {slot for base in cls.__mro__[1:-1] for slot in base.__dict__.get("__slots__", ())}
    content = dict(cls.__dict__)
    for name in (*own, "__dict__", "__weakref__"):
        content.pop(name, None)
    content["__slots__"] = tuple(name for name in own if name not in inherited)
    made = type(cls)(cls.__name__, cls.__bases__, content)
    made.__qualname__ = cls.__qualname__
    return made


def _getter(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return staticmethod(attrgetter(*names))
    return staticmethod(lambda record: tuple(getattr(record, name) for name in names))


def _repr(self: Any) -> str:
    inside = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__record_shown__)
    return f"{self.__class__.__qualname__}({inside})"


def _eq(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return self.__record_key__(self) == self.__record_key__(other)


def _hash(self: Any) -> int:
    return hash(self.__record_key__(self))


def _setattr(self: Any, name: str, value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _delattr(self: Any, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _getstate(self: Any) -> list[Any]:
    return [getattr(self, name) for name in self.__dataclass_fields__]


def _setstate(self: Any, state: list[Any]) -> None:
    for name, value in zip(self.__dataclass_fields__, state, strict=True):
        object.__setattr__(self, name, value)
