"""What Argo CD adds to sprig in an ApplicationSet's Go templates.

Source: Argo CD's documentation, "ApplicationSet: Go Template", "Additional functions".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from holkas_compat.gotemplate.errors import FunctionError
from holkas_compat.gotemplate.function import Function, function
from holkas_compat.gotemplate.nested import UNBOUND
from holkas_compat.gotemplate.sprig.strings import lower
from holkas_compat.gotemplate.sprig.table import SPRIG
from holkas_compat.gotemplate.values import measure, type_name
from holkas_compat.gotemplate.yaml_text import written

_NOT_DNS = re.compile(r"[^-a-z0-9.]")
_NOT_SLUG = re.compile(r"[^a-z0-9_-]")
_LONGEST_NAME = 253
SLUG_LENGTH = 50
"""Characters of a slug when nothing else is asked for."""


def normalize(name: str) -> str:
    """A name as DNS allows it: lower case, dashes for other signs, at most 253 characters."""
    return _NOT_DNS.sub("-", lower(name))[:_LONGEST_NAME].strip("-.")


def slug(text: str, length: int = SLUG_LENGTH, *, smart: bool = True) -> str:
    """Letters, digits, dashes and underscores; smart: cut between words where it is too long.

    Source: documentation of the Go library slug.
    """
    made = text.strip().lower()
    if not smart and len(made) >= length:
        if length < 0:
            raise FunctionError(f"runtime error: slice bounds out of range [:{length}]")
        made = made[:length]
    made = re.sub("-+", "-", _NOT_SLUG.sub("-", made)).strip("-_")
    if smart and 0 < length < len(made):
        cut = made.rfind("-", 0, length + 1)
        made = made[: cut if cut >= 0 else length]
    return made


def slugify(*arguments: Any) -> str:
    """``slugify [length] [smart] name``. Raises FunctionError for arguments of other types."""
    *options, name = arguments or ("",)
    if not isinstance(name, str):
        found = type_name(name).replace("<nil>", "nil")
        raise FunctionError(f"interface conversion: interface {{}} is {found}, not string")
    length, smart = SLUG_LENGTH, True
    if options:
        if isinstance(options[0], bool) or not isinstance(options[0], int):
            raise FunctionError(f"interface conversion: interface {{}} is {type_name(options[0])}, not int")
        length = options[0]
    if len(options) > 1:
        if not isinstance(options[1], bool):
            raise FunctionError(f"interface conversion: interface {{}} is {type_name(options[1])}, not bool")
        smart = options[1]
    return slug(normalize(name), length, smart=smart)


def as_go(value: Any) -> Any:
    """A value of YAML or JSON as Go's decoder gives it to a template: numbers are floats."""
    if isinstance(value, dict):
        return {key: as_go(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_go(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _read(text: str) -> Any:
    from holkas.yaml import YamlError, load

    try:
        value = load(text, strict=False)
    except YamlError as error:
        raise FunctionError(f"error converting YAML to JSON: yaml: {error.finding.message}") from error
    measure(value)
    return as_go(value)


def wrong_shape(value: Any, wanted: str) -> str:
    """Go's words for a value of another type than the wanted one."""
    return (
        f"error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {_kind(value)} into Go value of type "
        f"{wanted}"
    )


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    kinds: tuple[tuple[type, str], ...] = ((dict, "object"), (list, "array"), (str, "string"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "null")


def from_yaml(text: str) -> dict[str, Any]:
    """A mapping from YAML. Raises FunctionError."""
    value = _read(text)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise FunctionError(wrong_shape(value, "map[string]interface {}"))
    return value


def from_yaml_array(text: str) -> list[Any]:
    """A sequence from YAML. Raises FunctionError."""
    value = _read(text)
    if value is None:
        return []
    if not isinstance(value, list):
        raise FunctionError(wrong_shape(value, "[]interface {}"))
    return value


def semver_compare(constraint: str, text: str) -> bool:
    """Whether a version is in a range, or is the version itself. Raises FunctionError for what is none."""
    from holkas_compat.argocd.rendering.semver import satisfies

    found = satisfies(constraint, text)
    if found is None:
        wrong = satisfies(constraint, "0") is None
        raise FunctionError(f"improper constraint: {constraint}" if wrong else "invalid semantic version")
    return found


def _semver(text: str) -> Any:
    from holkas_compat.argocd.applicationset.version_object import semver

    return semver(text)


FUNCTIONS: Mapping[str, Function] = {
    **SPRIG,
    "semver": function(_semver, "string"),
    "semverCompare": function(semver_compare, "string string"),
    "normalize": function(normalize, "string"),
    "slugify": function(slugify, "any..."),
    "tpl": UNBOUND,
    "toYaml": function(written, "any"),
    "fromYaml": function(from_yaml, "string"),
    "fromYamlArray": function(from_yaml_array, "string"),
}
"""Everything that an ApplicationSet's template may call."""
