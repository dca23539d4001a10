"""References to variables in text, and the ways in which they can be wrong.

Source: Tekton's pkg/substitution, read as rules: a reference is ``$(prefix.name)``, ``$(prefix.name.key)``,
``$(prefix["name"])`` or ``$(prefix['name'])``, with ``[*]`` or ``[i]`` after the name.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from holkas.records import dataclass

from holkas_compat.tekton.validation.names import did_you_mean

_INDEX = r"\[([0-9])*\*?\]"
_WHOLE = (
    r"\$\(params(?:\.[_a-zA-Z0-9.-]+\[\*\]|\[\"[_a-zA-Z0-9.-]+\[\*\]\"\]|\['[_a-zA-Z0-9.-]+\[\*\]'\])\)\Z"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference.

    Text: as written. inner: what follows the prefix. name: its first word. deep: more than two.
    """

    text: str
    inner: str
    name: str
    deep: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a text: a code of this package, a sentence, the reference, and what to do."""

    code: str
    message: str
    within: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of variable: ``prefix`` as in the text (``params``), and what one is called in a sentence."""

    prefix: str
    noun: str
    declare: str = ""


PARAM = Kind("params", "parameter", "declare it under params")
RESULT = Kind("results", "result", "declare it under results")
STEP_RESULT = Kind("step.results", "step result", "declare it under the step's results")


def key_of(param: str) -> Kind:
    """The keys of an object parameter."""
    return Kind(
        f"params.{param}", f'key of the object parameter "{param}"', "declare it under its properties"
    )


def context(scope: str) -> Kind:
    """The variables ``$(context.<scope>.…)``."""
    return Kind(f"context.{scope}", f"context variable of {scope}")


@lru_cache(maxsize=512)
def _pattern(prefix: str) -> re.Pattern[str]:
    name = r".*?(?:\[\*\])?"
    return re.compile(rf"\$\({re.escape(prefix)}(?:\.({name})|\[\"({name})\"\]|\['({name})'\])\)")


def references(value: str, kind: Kind) -> list[Reference]:
    """All references of a kind in a text.

    Everything after one with too many words is left out, as in Tekton.
    """
    if f"$({kind.prefix}" not in value:
        return []
    found = []
    for match in _pattern(kind.prefix).finditer(value):
        dotted, double, single = match.groups()
        words = dotted.split(".") if dotted and "." in dotted else []
        inner = dotted or double or single or ""
        found.append(Reference(match[0], inner, words[0] if words else inner, len(words) > 2))
    return found


def unknown(value: str, kind: Kind, names: Collection[str]) -> Fault | None:
    """A reference to a name that does not exist."""
    found = references(value, kind)
    if fault := _too_deep(found, kind):
        return fault
    for reference in found:
        name = re.sub(_INDEX, "", reference.name)
        if name not in names:
            hint = did_you_mean(name, names) or kind.declare
            message = f'{reference.text} refers to the {kind.noun} "{name}", which does not exist'
            return Fault("T311", message, reference.text, hint)
    return None


def wrong_type(value: str, kind: Kind, names: Collection[str], type_: str) -> Fault | None:
    """A reference to an array (or object) where only a string can stand; an element of it is one."""
    found = references(value, kind)
    if fault := _too_deep(found, kind):
        return fault
    for reference in found:
        if reference.name.removesuffix("[*]") in names:
            return _wrong_type(reference, type_)
    return None


def whole_object(value: str, kind: Kind, names: Collection[str]) -> Fault | None:
    """A reference to an object as a whole; a key of it may be used."""
    for reference in references(value, kind):
        if reference.inner.removesuffix("[*]") in names:
            return _wrong_type(reference, "object")
    return None


def not_alone(value: str, kind: Kind, names: Collection[str]) -> Fault | None:
    """A reference to a whole array with other text beside it."""
    found = references(value, kind)
    if fault := _too_deep(found, kind):
        return fault
    for reference in found:
        if reference.name.removesuffix("[*]") in names and len(value) != len(found[0].text):
            message = f"{reference.text} is a whole array and must stand alone, with no other text beside it"
            return Fault("T313", message, reference.text, "use one element, as in $(params.name[0])")
    return None


def is_whole_param(value: str) -> bool:
    """Whether a text is nothing but a reference to a whole array or object parameter, with ``[*]``."""
    return re.match(_WHOLE, value) is not None


def _too_deep(found: list[Reference], kind: Kind) -> Fault | None:
    for reference in found:
        if reference.deep:
            message = (
                f'{reference.text} has too many words after "{kind.prefix}": a name and one key are allowed'
            )
            hint = f'a name with dots is written $({kind.prefix}["a.b"])'
            return Fault("T314", message, reference.text, hint)
    return None


def _wrong_type(reference: Reference, type_: str) -> Fault:
    hint = (
        "use one key, as in $(params.name.key)"
        if type_ == "object"
        else "use it as a whole element of command or args"
    )
    return Fault("T312", f"{reference.text} is an {type_}, but a string is needed here", reference.text, hint)
