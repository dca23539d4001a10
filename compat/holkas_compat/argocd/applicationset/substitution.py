"""Texts with parameters in them: ``{{ key }}`` as it was first, or Go templates.

Source: Argo CD's documentation, "ApplicationSet: Go Template" and "Templates". In the first form what is unknown stays
as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from holkas.records import dataclass

from holkas_compat.argocd.applicationset.codes import TEMPLATE
from holkas_compat.argocd.applicationset.errors import GenerationError
from holkas_compat.gotemplate import ParseError, Template, TemplateError, parse
from holkas_compat.gotemplate.quoting import quoted
from holkas_compat.gotemplate.template import MISSING_KEY

Params = dict[str, Any]
"""Parameters: in the first form texts by dotted keys, with Go templates any values of JSON."""

_DEEPEST = 100
_MISSING = ("map has no entry for key", "can't evaluate field")
"""What Go says of a key that is not there."""
_EXACT, _PLAIN = 2.0**53, 1e21
_TEMPLATED = re.compile(r"\{\{.*\}\}")


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Template:
    from holkas_compat.argocd.applicationset.functions import FUNCTIONS

    return parse(text, FUNCTIONS)


@dataclass(frozen=True, slots=True)
class Substitution:
    """How the texts of one ApplicationSet are rendered. missing_key: the option of that name."""

    go_template: bool = False
    missing_key: str = "default"

    def text(self, text: str, params: Mapping[str, Any]) -> str:
        """One text with its parameters. Raises GenerationError with Go's message."""
        if not self.go_template:
            return _plain(text, params)
        if "{{" not in text:
            return text
        try:
            return _parsed(text).execute(params, missing_key=self.missing_key)
        except ParseError as error:
            raise GenerationError(f"failed to parse template {text}: {error}", code=TEMPLATE) from error
        except TemplateError as error:
            raise GenerationError(f"failed to execute go template {text}: {error}", code=TEMPLATE) from error

    def value(self, value: Any, params: Mapping[str, Any], depth: int = 0) -> Any:
        """Every text of a value, keys of mappings included; entries of a mapping that are null are left out.

        Raises GenerationError.
        """
        if depth > _DEEPEST:
            raise GenerationError("a template is nested too deeply", code=TEMPLATE)
        if isinstance(value, str):
            return self.text(value, params)
        if isinstance(value, Mapping):
            return {
                self.text(key, params): self.value(item, params, depth + 1)
                for key, item in value.items()
                if item is not None
            }
        if isinstance(value, list):
            return [self.value(item, params, depth + 1) for item in value]
        return _as_json(value)

    def now_or_later(self, key: str, text: str, params: Mapping[str, Any]) -> str:
        """A text of ``values``: rendered where the parameters have all it asks for, as it is where they have not.

        What the generator itself will give is not known before. Raises GenerationError for any other fault.
        """
        if not self.go_template:
            return _plain(text, params)
        try:
            return _parsed(text).execute(params, missing_key="error")
        except ParseError as error:
            told = f"failed to parse template {text}: {error}"
        except TemplateError as error:
            told = f"failed to execute go template {text}: {error}"
        if any(sign in told for sign in _MISSING):
            return text
        raise GenerationError(f'failed to pre-resolve Values key "{key}": {told}', code=TEMPLATE)


def _as_json(value: Any) -> Any:
    """A number as it is after Go read it as JSON and wrote it again: a float of 64 bits, whole ones without a point."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if isinstance(value, int) and abs(value) <= _EXACT:
        return value
    try:
        number = float(value)
    except OverflowError:
        return value
    return int(Decimal(repr(number))) if number.is_integer() and abs(number) < _PLAIN else number


def _plain(text: str, params: Mapping[str, Any]) -> str:
    """``{{ key }}`` where the key is known and its value a text; one pass, so that values are never templates."""
    if not _TEMPLATED.search(text):
        return text
    parts: list[str] = []
    position = 0
    while True:
        opening = text.find("{{", position)
        if opening < 0:
            break
        closing = text.find("}}", opening + 2)
        if closing < 0:
            raise GenerationError(
                f'invalid template: Cannot find end tag="}}}}" in the template={quoted(text)} starting from '
                f"{quoted(text[opening + 2 :])}",
                code=TEMPLATE,
            )
        parts.append(text[position:opening])
        tag = text[opening + 2 : closing]
        known = params.get(tag.strip())
        parts.append(known if tag.strip() and isinstance(known, str) else text[opening : closing + 2])
        position = closing + 2
    return "".join([*parts, text[position:]])


def substitution(spec: Mapping[str, Any]) -> Substitution:
    """As ``goTemplate`` and, with it, ``goTemplateOptions`` ask. Raises GenerationError for unknown options."""
    missing_key = "default"
    options = spec.get("goTemplateOptions") if spec.get("goTemplate") else ()
    for index, option in enumerate(options if isinstance(options, list) else ()):
        name, separator, value = str(option).partition("=")
        if name != "missingkey" or not separator or value not in MISSING_KEY:
            raise GenerationError(
                f"unrecognized option: {option}",
                path=("spec", "goTemplateOptions", index),
                code=TEMPLATE,
                hint="there are missingkey=default, missingkey=zero and missingkey=error",
            )
        missing_key = value
    return Substitution(bool(spec.get("goTemplate")), missing_key)
