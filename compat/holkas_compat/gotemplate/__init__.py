"""Templates in the language of Go's text/template, with sprig's functions.

No library of PyPI has them: what there is calls Go through cgo or renders a subset. So lexer, parser and evaluator are
our own, after the package's documentation, and compared with Go by hand; limits hold templates of strangers in bounds.
"""

from __future__ import annotations

from holkas_compat.gotemplate.errors import ExecutionError, LimitError, ParseError, TemplateError
from holkas_compat.gotemplate.limits import Limits
from holkas_compat.gotemplate.template import Template, parse

__all__ = ["ExecutionError", "LimitError", "Limits", "ParseError", "Template", "TemplateError", "parse"]
