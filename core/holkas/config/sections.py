"""Parts of holkas.yaml that are no single settings: what a project says about its deliveries."""

from __future__ import annotations

SECTIONS = (
    "project",
    "repository",
    "branch",
    "pipeline",
    "artifacts",
    "environments",
    "concurrency",
    "signing",
    "feedback",
    "triggers",
    "operations",
)
"""Keys at the root, read by :mod:`holkas.config.delivery_reading` and by nobody who delivers nothing."""
