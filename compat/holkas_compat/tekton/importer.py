"""Tekton's manifests as holkas takes them in and gives them out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from holkas.extensions.importer import Importer, Loaded, RunWish
from holkas.model.finding import Finding
from holkas.model.record import RunRecord
from holkas.model.run import Run
from holkas.plugins.provider import Context
from holkas.yaml.source import Document

if TYPE_CHECKING:
    from holkas.extensions.conversion import Conversion
    from holkas.extensions.trigger import TriggerReader
    from holkas.model.fidelity import FieldUse

    from holkas_compat.tekton.remote.remote import Remote


class TektonImporter(Importer):
    """Tekton's kinds in all versions, with the Kubernetes documents that they use."""

    name: ClassVar[str] = "tekton"

    def __init__(self, context: Context | None = None) -> None:
        """Without a context no reference through a resolver can be followed."""
        self._context = context or Context()

    def recognises(self, document: Mapping[str, Any]) -> bool:
        """Whether a document is of the group ``tekton.dev`` or ``triggers.tekton.dev``."""
        from holkas_compat.tekton.parse import is_tekton
        from holkas_compat.tekton.triggers.group import is_trigger_document

        return is_tekton(document) or is_trigger_document(document)

    def lint(self, documents: Sequence[Document], *, level: str = "beta") -> list[Finding]:
        """What Tekton would refuse, and what would fail or go astray once it is run."""
        return self._lint(documents, level, None)

    def lint_resolved(self, documents: Sequence[Document], *, level: str = "beta") -> list[Finding]:
        """The same with what resolvers find for references without variables."""
        return self._lint(documents, level, self._remote(offline=False, level=level))

    def _lint(self, documents: Sequence[Document], level: str, remote: Remote | None) -> list[Finding]:
        from holkas_compat.tekton.lint.documents import lint_units
        from holkas_compat.tekton.parse import parse
        from holkas_compat.tekton.triggers.group import is_trigger_document

        found = lint_units(parse(documents, level), remote)
        if any(is_trigger_document(document.value) for document in documents):
            from holkas_compat.tekton.triggers.lint import lint_triggers

            found += lint_triggers(documents)
            order = {(document.source.name, document.index): at for at, document in enumerate(documents)}
            found.sort(key=lambda finding: order[finding.place.source, finding.place.document])
        return found

    def load(self, documents: Sequence[Document], wish: RunWish) -> Loaded:
        """The runs of these documents with their catalog."""
        from holkas_compat.tekton.load import load

        remote = None
        if any(b"resolver" in document.source.data for document in documents):
            remote = self._remote(offline=wish.offline, level=wish.level)
        return load(documents, wish, remote)

    def _remote(self, *, offline: bool, level: str) -> Remote:
        from holkas_compat.tekton.remote.remote import Remote

        return Remote.of(self._context, offline=offline, level=level)

    def manifest(self, run: Run, record: RunRecord | None = None) -> dict[str, Any]:
        """The run as a v1 manifest, with the status that Tekton would give it."""
        from holkas_compat.tekton.status import manifest

        return manifest(run, record)

    def kinds(self) -> Mapping[str, tuple[str, ...]]:
        """Tekton's kinds and those of its Triggers."""
        from holkas_compat.tekton.json_schema import kinds

        return kinds()

    def schema(self, kind: str, version: str = "") -> dict[str, Any] | None:
        """The JSON Schema of one of Tekton's kinds, made from the tables that decoding uses."""
        from holkas_compat.tekton.json_schema import schema_for

        try:
            return schema_for(kind, version)
        except LookupError:
            return None

    def field_uses(self, documents: Sequence[Document]) -> Iterable[FieldUse]:
        """Fields of Tekton's kinds, found by the tables that decoding uses."""
        from holkas_compat.tekton.field_uses import field_uses

        return field_uses(documents)

    def forms(self) -> tuple[str, ...]:
        """Tekton's storage version."""
        return ("tekton/v1",)

    def convert(self, documents: Sequence[Document], to: str) -> list[Conversion]:
        """Older documents as Tekton's own conversion makes them."""
        from holkas_compat.tekton.conversion.documents import convert_documents

        return convert_documents(documents)

    def triggers(self) -> TriggerReader:
        """The reader of Tekton Triggers."""
        from holkas_compat.tekton.triggers.receiver import TektonTriggerReader

        return TektonTriggerReader()
