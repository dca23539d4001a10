"""Kustomizations: what they read, the edits of an Application, the build."""
