"""What Tekton fills in before it judges an object. See :func:`holkas_compat.tekton.defaults.apply.apply_defaults`."""

from holkas_compat.tekton.defaults.apply import apply_defaults, default_part
from holkas_compat.tekton.defaults.config import DefaultsConfig, Operation

__all__ = ["DefaultsConfig", "Operation", "apply_defaults", "default_part"]
