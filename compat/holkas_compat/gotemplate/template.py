"""A parsed template and its execution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.records import dataclass

from holkas_compat.gotemplate import nodes
from holkas_compat.gotemplate.builtins import BUILTINS
from holkas_compat.gotemplate.errors import LimitError
from holkas_compat.gotemplate.evaluator import Evaluator
from holkas_compat.gotemplate.function import Function
from holkas_compat.gotemplate.limits import DEFAULT_LIMITS, LARGEST_TEXT, Limits
from holkas_compat.gotemplate.nested import Nested
from holkas_compat.gotemplate.parser import Parser

MISSING_KEY = ("default", "invalid", "zero", "error")
"""Values of the option ``missingkey``."""


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """A template under a name, with those that it defines."""

    name: str
    text: str
    templates: Mapping[str, nodes.Listing]
    functions: Mapping[str, Function]

    def execute(self, data: Any, *, missing_key: str = "default", limits: Limits = DEFAULT_LIMITS) -> str:
        """The text for some data: plain values, numbers of JSON as floats.

        Raises ExecutionError with Go's message and LimitError.
        """
        functions = dict(self.functions)
        evaluator = Evaluator(self.name, self.text, self.templates, functions, missing_key, limits)
        if "tpl" in functions:
            functions["tpl"] = Nested(evaluator, limits).function()
        try:
            return evaluator.run(data)
        except RecursionError:
            raise LimitError(f"template: {self.name}: is nested too deeply") from None


def parse(text: str, functions: Mapping[str, Function], name: str = "base") -> Template:
    """Parse a template that may call these functions and Go's own.

    Raises ParseError with Go's message, LimitError for a text that is too long.
    """
    if len(text) > LARGEST_TEXT:
        raise LimitError(f"template: {name}: is longer than {LARGEST_TEXT} characters")
    everything = {**BUILTINS, **functions}
    try:
        return Template(name, text, Parser(name, text, everything).parse(), everything)
    except RecursionError:
        raise LimitError(f"template: {name}: is nested too deeply") from None


__all__ = ["MISSING_KEY", "Template", "parse"]
