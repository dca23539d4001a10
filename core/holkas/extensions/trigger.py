"""Triggers: which runs an event from outside starts. An importer hands over the reader of its family.

Life cycle: :meth:`TriggerReader.read` once for a set of documents → :meth:`EventReceiver.render` for each event →
:meth:`EventReceiver.close`. A receiver is shared by threads.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from enum import StrEnum

from holkas.model.finding import Finding
from holkas.model.secret import Secret
from holkas.records import dataclass
from holkas.yaml import Document

SecretValues = Mapping[tuple[str, str], Secret]
"""Values by name of the secret and key in it, given beside those of the documents; they win."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingEvent:
    """A webhook's request.

    body: as it was sent, byte for byte (signatures are made over it). headers: in their order, repeated ones too.
    url: path and query. id: of this event, unique.
    """

    id: str
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    url: str = "/"


class Outcome(StrEnum):
    """What a trigger makes of an event: it asks for runs, it does not care for it, or it is broken."""

    STARTS = "starts"
    FILTERED = "filtered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """One trigger's answer.

    reason: why nothing starts, one sentence; it names fields, never a secret.
    documents: the manifests that the cluster would create, in their order. runs: how many of them are runs.
    """

    trigger: str
    outcome: Outcome
    reason: str = ""
    documents: tuple[Document, ...] = ()
    runs: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """What all triggers of a listener make of an event. ``listener`` is empty where the file has none."""

    listener: str
    namespace: str
    event_id: str
    triggers: tuple[Rendered, ...]


class TriggerError(Exception):
    """The listener cannot take the event: no such listener, a body that is no JSON … One sentence for the user.

    refused: the sender is at fault, not the file.
    """

    def __init__(self, message: str, *, refused: bool = False) -> None:
        super().__init__(message)
        self.refused = refused


class EventReceiver(ABC):
    """Listeners and triggers of a set of documents, ready for events. Safe for threads.

    findings: what is wrong with them, in the order of the files.
    listeners: names of the listeners.
    companions: those of the documents to which a rendered run may refer (no runs, no triggers).
    """

    findings: Sequence[Finding] = ()
    listeners: Sequence[str] = ()
    companions: Sequence[Document] = ()

    @abstractmethod
    def render(self, event: IncomingEvent, *, listener: str = "", trigger: str = "") -> Rendering:
        """What the event starts. Nothing is run and nothing outside is asked.

        listener: may be left out where there is one, or none but triggers. trigger: only this one.
        Raises TriggerError.
        """

    def close(self) -> None:
        """Give back helpers. May be called twice."""
        return


class TriggerReader(ABC):
    """Reads one family of triggers. Stateless."""

    @abstractmethod
    def read(self, documents: Sequence[Document], secrets: SecretValues | None = None) -> EventReceiver:
        """The receiver of these documents; one with findings of severity ERROR must not be used."""
