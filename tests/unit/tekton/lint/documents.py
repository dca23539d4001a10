"""Small documents for the tests of rules."""

from __future__ import annotations

import json
from typing import Any

from holkas.model.finding import Finding
from holkas.yaml import Document, Source
from holkas_compat.tekton.importer import TektonImporter


def lint(*objects: dict[str, Any], level: str = "alpha") -> list[Finding]:
    """What is found in these documents, which stand in one file."""
    source = Source("f.yaml", "\n---\n".join(map(json.dumps, objects)).encode())
    return TektonImporter().lint([Document(source, n, value) for n, value in enumerate(objects)], level=level)


def found(code: str, *objects: dict[str, Any]) -> list[Finding]:
    """The findings of one rule."""
    return [finding for finding in lint(*objects) if finding.code == code]


def made(kind: str, spec: dict[str, Any], name: str = "main", version: str = "v1") -> dict[str, Any]:
    return {"apiVersion": f"tekton.dev/{version}", "kind": kind, "metadata": {"name": name}, "spec": spec}


def task(*steps: dict[str, Any], name: str = "main", **spec: Any) -> dict[str, Any]:
    return made("Task", {"steps": [{"image": "a@sha256:1", **step} for step in steps], **spec}, name)


def embedded(*steps: dict[str, Any], **spec: Any) -> dict[str, Any]:
    return {"taskSpec": {"steps": [{"image": "a@sha256:1", **step} for step in steps], **spec}}


def pipeline(*tasks: dict[str, Any], **spec: Any) -> dict[str, Any]:
    return made("Pipeline", {"tasks": list(tasks), **spec})
