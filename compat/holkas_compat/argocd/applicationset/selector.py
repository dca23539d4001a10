"""Label selectors over parameters and labels.

Source: Kubernetes' documentation, "Labels and Selectors"; Argo CD's own copy for parameters takes values of any form.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from holkas_compat.argocd.applicationset.errors import GenerationError

_NAME = re.compile(r"[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?")
_PREFIX = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*")
_SIGNS = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
_EXAMPLES = (
    " (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)
_DOMAIN = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
_LONGEST, _LONGEST_PREFIX = 63, 253

Labels = Mapping[str, str]
Test = Callable[[Labels], bool]


def is_empty(selector: Any) -> bool:
    """Whether a selector asks for nothing."""
    return not isinstance(selector, Mapping) or not (
        selector.get("matchLabels") or selector.get("matchExpressions")
    )


def matches(selector: Mapping[str, Any], labels: Labels) -> bool:
    """Whether the labels are as the selector wants. Raises GenerationError for a selector that is wrong."""
    return compiled(selector)(labels)


def compiled(selector: Mapping[str, Any], *, strict: bool = False) -> Test:
    """What tells whether labels are as a selector wants. strict: values have the form of labels too.

    Raises GenerationError for a selector that is wrong, whatever there is to select.
    """
    wanted = selector.get("matchLabels") or {}
    expressions = selector.get("matchExpressions") or []
    if not isinstance(wanted, Mapping) or not isinstance(expressions, list):
        raise GenerationError(
            "error parsing label selector: matchLabels and matchExpressions have another shape"
        )
    tests = [_requirement(str(key), "In", [str(value)], strict) for key, value in wanted.items()]
    for expression in expressions:
        if not isinstance(expression, Mapping):
            raise GenerationError("error parsing label selector: an expression is no mapping")
        values = [str(value) for value in expression.get("values") or ()]
        key, operator = expression.get("key", ""), expression.get("operator", "")
        tests.append(_requirement(str(key), str(operator), values, strict))
    return lambda labels: all(test(labels) for test in tests)


def _requirement(key: str, operator: str, values: list[str], strict: bool) -> Test:
    if operator not in ("In", "NotIn", "Exists", "DoesNotExist"):
        quoted = json.dumps(operator, ensure_ascii=False)
        raise GenerationError(f"error parsing label selector: {quoted} is not a valid pod selector operator")
    faults = [*_key_faults(key), *_value_faults(operator, values, strict)]
    if faults:
        told = faults[0] if len(faults) == 1 else f"[{', '.join(faults)}]"
        raise GenerationError(f"error parsing label selector: {told}")
    among = frozenset(values)
    if operator == "In":
        return lambda labels: labels.get(key) in among
    if operator == "NotIn":
        return lambda labels: labels.get(key) not in among
    return lambda labels: (key in labels) == (operator == "Exists")


def _key_faults(key: str) -> list[str]:
    prefix, slash, name = key.partition("/")
    found: list[str] = []
    if "/" in name:
        found.append(
            f"a valid label key {_SIGNS}{_EXAMPLES} with an optional DNS subdomain prefix and '/' (e.g. "
            "'example.com/MyName')"
        )
        slash = name = ""
    else:
        name = name if slash else prefix
        if not name:
            found.append("name part must be non-empty")
        elif len(name) > _LONGEST:
            found.append(f"name part must be no more than {_LONGEST} bytes")
        if not _NAME.fullmatch(name):
            found.append(f"name part {_SIGNS}{_EXAMPLES}")
    if slash and not prefix:
        found.insert(0, "prefix part must be non-empty")
    elif slash and len(prefix) > _LONGEST_PREFIX:
        found.insert(0, f"prefix part must be no more than {_LONGEST_PREFIX} bytes")
    elif slash and not _PREFIX.fullmatch(prefix):
        found.insert(0, f"prefix part {_DOMAIN}")
    return [f"key: Invalid value: {json.dumps(key, ensure_ascii=False)}: {'; '.join(found)}"] if found else []


def _value_faults(operator: str, values: list[str], strict: bool) -> list[str]:
    shown = json.dumps(values, ensure_ascii=False, separators=(",", ":")) if values else "null"
    if operator in ("In", "NotIn"):
        if not values:
            return [f"values: Invalid value: {shown}: for 'in', 'notin' operators, values set can't be empty"]
        return [
            f"values[{index}]: Invalid value: {json.dumps(value, ensure_ascii=False)}: a valid label must be an empty "
            "string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
            "alphanumeric character"
            for index, value in enumerate(values)
            if strict and value and (len(value) > _LONGEST or not _NAME.fullmatch(value))
        ]
    if values:
        return [f"values: Invalid value: {shown}: values set must be empty for exists and does not exist"]
    return []
