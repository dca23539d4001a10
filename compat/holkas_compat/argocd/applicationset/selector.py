"""Label selectors over parameters and labels.

Source: Kubernetes' documentation, "Labels and Selectors"; Argo CD's own copy for parameters takes values of any form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from holkas_compat.argocd.applicationset.errors import GenerationError

_NAME = re.compile(r"(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)")
_PREFIX = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*")


def is_empty(selector: Any) -> bool:
    """Whether a selector asks for nothing."""
    return not isinstance(selector, Mapping) or not (
        selector.get("matchLabels") or selector.get("matchExpressions")
    )


def matches(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """Whether the labels are as the selector wants. Raises GenerationError for a selector that is wrong."""
    wanted = selector.get("matchLabels") or {}
    expressions = selector.get("matchExpressions") or []
    if not isinstance(wanted, Mapping) or not isinstance(expressions, list):
        raise GenerationError(
            "error parsing label selector: matchLabels and matchExpressions have another shape"
        )
    answers = [_label(str(key), str(value), labels) for key, value in wanted.items()]
    answers += [_expression(expression, labels) for expression in expressions]
    return all(answers)


def _label(key: str, value: str, labels: Mapping[str, str]) -> bool:
    _check_key(key)
    return labels.get(key) == value


def _expression(expression: Any, labels: Mapping[str, str]) -> bool:
    if not isinstance(expression, Mapping):
        raise GenerationError("error parsing label selector: an expression is no mapping")
    key, operator = str(expression.get("key", "")), str(expression.get("operator", ""))
    values = [str(value) for value in expression.get("values") or ()]
    _check_key(key)
    if operator in ("In", "NotIn"):
        if not values:
            raise GenerationError(
                "error parsing label selector: values: Invalid value: []: for 'in', 'notin' operators, values set "
                "can't be empty"
            )
        found = labels.get(key) in values
        return found if operator == "In" else not found
    if operator in ("Exists", "DoesNotExist"):
        if values:
            raise GenerationError(
                "error parsing label selector: values: Invalid value: values set must be empty for exists and does "
                "not exist"
            )
        return (key in labels) == (operator == "Exists")
    raise GenerationError(f'error parsing label selector: "{operator}" is not a valid pod selector operator')


def _check_key(key: str) -> None:
    prefix, slash, name = key.rpartition("/")
    good = len(name) <= 63 and _NAME.fullmatch(name)
    if not good or (slash and (len(prefix) > 253 or not _PREFIX.fullmatch(prefix))):
        raise GenerationError(f'error parsing label selector: key: Invalid value: "{key}"')
