"""Older versions of Tekton's objects as v1. See :func:`holkas_compat.tekton.conversion.convert.to_v1`."""
