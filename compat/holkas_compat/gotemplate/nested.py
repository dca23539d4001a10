"""``tpl``: a text of the data that is a template itself.

Source: Argo CD's documentation, "ApplicationSet: Go Template"; Helm's of the function of this name.
"""

from __future__ import annotations

from typing import Any

from holkas_compat.gotemplate.errors import ExecutionError, FunctionError, ParseError
from holkas_compat.gotemplate.evaluator import Evaluator
from holkas_compat.gotemplate.function import Function, function
from holkas_compat.gotemplate.limits import Limits
from holkas_compat.gotemplate.parser import Parser
from holkas_compat.gotemplate.quoting import quoted

DEEPEST = 3
"""Calls inside each other."""


class Nested:
    """The function for one execution; all that it is called for shares one count of steps."""

    def __init__(self, outer: Evaluator, limits: Limits) -> None:
        self.outer = outer
        self.limits = limits
        self.depth = 0
        self.steps = limits.steps

    def function(self) -> Function:
        """What the template calls."""
        return function(self.run, "string any")

    def run(self, text: str, data: Any) -> str:
        """The text of a template for some data. Raises FunctionError and LimitError."""
        if self.depth >= DEEPEST:
            raise FunctionError(f"maximum recursion depth {DEEPEST} exceeded in tpl function")
        self.depth += 1
        outer = self.outer
        try:
            inside = Parser(outer.parsed_name, text, outer.functions).parse()
            limits = Limits(steps=self.steps, depth=self.limits.depth, output=self.limits.output)
            evaluator = Evaluator(
                outer.parsed_name,
                text,
                {**outer.templates, **inside},
                outer.functions,
                outer.missing_key,
                limits,
            )
            try:
                return evaluator.run(data).replace("<no value>", "")
            finally:
                self.steps = max(evaluator.steps, 0)
        except ParseError as error:
            raise FunctionError(f"cannot parse template {quoted(text)}: {error}") from error
        except ExecutionError as error:
            raise FunctionError(f"error during tpl function execution for {quoted(text)}: {error}") from error
        finally:
            self.depth -= 1


def refused(*_: Any) -> str:
    """The function outside of an execution."""
    raise FunctionError("tpl is there in a template only")


UNBOUND = function(refused, "string any")
"""What a template is parsed with, so that it may name the function."""
