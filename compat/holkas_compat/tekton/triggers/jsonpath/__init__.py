"""JSON paths as Kubernetes has them (k8s.io/client-go/util/jsonpath), the part that bindings use."""

from holkas_compat.tekton.triggers.jsonpath.evaluate import find_text
from holkas_compat.tekton.triggers.jsonpath.nodes import PathError
from holkas_compat.tekton.triggers.jsonpath.parse import parse

__all__ = ["PathError", "find_text", "parse"]
