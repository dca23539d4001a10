"""What can be wrong with a template. Messages are spelled as Go spells them, because people search for them."""

from __future__ import annotations


class TemplateError(Exception):
    """A template that cannot be rendered."""


class ParseError(TemplateError):
    """The text is no template."""


class ExecutionError(TemplateError):
    """The template asks for what its data does not give, or a function refused.

    missing: whether it is only that a key is not there.
    """

    def __init__(self, message: str, *, missing: bool = False) -> None:
        super().__init__(message)
        self.missing = missing


class LimitError(TemplateError):
    """The template is too deep, runs too long or writes too much."""


class FunctionError(Exception):
    """A function refuses its arguments; the evaluator adds the place. missing: it lacks a key of the data."""
