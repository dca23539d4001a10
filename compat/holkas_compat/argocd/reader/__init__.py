"""From accepted objects to the model, losing nothing; :mod:`holkas_compat.argocd.writer` is the way back."""

from holkas_compat.argocd.reader.application import read_application, read_application_spec
from holkas_compat.argocd.reader.project import read_project
from holkas_compat.argocd.reader.source import read_source

__all__ = ["read_application", "read_application_spec", "read_project", "read_source"]
