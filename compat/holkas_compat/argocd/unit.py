"""A document of Argo CD on its way to the model."""

from __future__ import annotations

from typing import Any

from holkas.model.application import Application
from holkas.model.finding import Finding
from holkas.model.project import Project
from holkas.records import dataclass
from holkas.yaml.source import Document

from holkas_compat.manifest.judged import Judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit(Judged):
    """One document.

    object: as it was decoded, None where not even the kind is known.
    noun: what was read from it, for an Application or AppProject that Argo CD would accept.
    findings: what is wrong with the document alone.
    """

    document: Document
    kind: str
    name: str
    namespace: str = ""
    object: dict[str, Any] | None = None
    noun: Application | Project | None = None
    findings: tuple[Finding, ...] = ()
