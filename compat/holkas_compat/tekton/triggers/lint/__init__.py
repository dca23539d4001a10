"""What is wrong with documents of Triggers, each alone and all of them together."""

from holkas_compat.tekton.triggers.lint.documents import lint_shelf, lint_triggers

__all__ = ["lint_shelf", "lint_triggers"]
