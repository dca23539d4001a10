"""What the admission of Triggers accepts, one subject a file."""

from holkas_compat.tekton.triggers.validation.registry import validate

__all__ = ["validate"]
