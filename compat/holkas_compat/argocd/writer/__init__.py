"""From the model back to manifests, fields in the customary order; what was not said stays unsaid."""

from holkas_compat.argocd.writer.application import write_application, write_application_spec
from holkas_compat.argocd.writer.project import write_project
from holkas_compat.argocd.writer.rewrite import rewrite
from holkas_compat.argocd.writer.source import write_source

__all__ = ["rewrite", "write_application", "write_application_spec", "write_project", "write_source"]
