"""What Argo CD accepts, one subject a file."""

from holkas_compat.argocd.validation.registry import validate, validate_annotations, validate_configuration

__all__ = ["validate", "validate_annotations", "validate_configuration"]
