"""Older versions of Tekton's objects as v1. See :func:`holkas_compat.tekton.conversion.convert.to_v1`."""

from holkas_compat.tekton.conversion.convert import to_v1
from holkas_compat.tekton.conversion.errors import ConversionError

__all__ = ["ConversionError", "to_v1"]
