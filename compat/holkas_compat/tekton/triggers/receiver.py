"""What the triggers of a set of documents make of an event.

Source: pkg/sink/sink.go (HandleEvent, merge, processTrigger, processTriggerGroups).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from holkas.extensions.trigger import (
    EventReceiver,
    IncomingEvent,
    Outcome,
    Rendered,
    Rendering,
    SecretValues,
    TriggerError,
    TriggerReader,
)
from holkas.records import dataclass
from holkas.yaml import Document, Source, dump_all, load_documents

from holkas_compat.tekton.triggers.bindings import event_value, resolve_params
from holkas_compat.tekton.triggers.cel.evaluator import Evaluator
from holkas_compat.tekton.triggers.event_json import BodyError, read_json
from holkas_compat.tekton.triggers.group import is_trigger_document
from holkas_compat.tekton.triggers.headers import first, read_headers
from holkas_compat.tekton.triggers.interceptors.chain import run_chain
from holkas_compat.tekton.triggers.interceptors.request import Request, Stop
from holkas_compat.tekton.triggers.lint import lint_shelf
from holkas_compat.tekton.triggers.model import Group, Listener, Template, Trigger
from holkas_compat.tekton.triggers.reader import DEFAULT_NAMESPACE
from holkas_compat.tekton.triggers.rendering import EVENT_ID, EVENT_LISTENER, TRIGGER, render
from holkas_compat.tekton.triggers.secrets import collect
from holkas_compat.tekton.triggers.selection import select
from holkas_compat.tekton.triggers.shelf import Shelf, build_shelf, find

_RUNS = frozenset(("PipelineRun", "TaskRun", "CustomRun"))


class TektonTriggerReader(TriggerReader):
    """Reads EventListeners, Triggers, bindings and templates."""

    def read(self, documents: Sequence[Document], secrets: SecretValues | None = None) -> EventReceiver:
        """The receiver of these documents."""
        return TektonEventReceiver(documents, secrets or {})


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A trigger that the event may start, and the group through whose interceptors it comes."""

    trigger: Trigger
    group: Group | None = None
    missing: str = ""


class TektonEventReceiver(EventReceiver):
    """Listeners and triggers with all that they refer to."""

    def __init__(self, documents: Sequence[Document], secrets: SecretValues) -> None:
        self._shelf: Shelf = build_shelf(documents)
        self._secrets = collect(documents, secrets)
        self._evaluator = Evaluator()
        self.findings = lint_shelf(self._shelf, documents)
        self.listeners = [name for _, name in self._shelf.listeners]
        self.companions = [
            document
            for document in documents
            if not _is_run(document.value) and not is_trigger_document(document.value)
        ]

    def render(self, event: IncomingEvent, *, listener: str = "", trigger: str = "") -> Rendering:
        """What the event starts."""
        chosen = self._listener(listener)
        if chosen.checks_payload:
            _check_payload(event.body)
        candidates = [one for one in self._candidates(chosen) if not trigger or one.trigger.name == trigger]
        if not candidates:
            raise TriggerError(self._nothing(chosen, trigger))
        extensions: dict[str, dict[str, Any] | Stop] = {}
        rendered = tuple(self._rendered(one, chosen, event, extensions) for one in candidates)
        return Rendering(
            listener=chosen.name, namespace=chosen.namespace, event_id=event.id, triggers=rendered
        )

    def close(self) -> None:
        """End the process that evaluates expressions."""
        self._evaluator.close()

    def _listener(self, name: str) -> Listener:
        listeners = self._shelf.listeners
        if name:
            found = find(listeners, DEFAULT_NAMESPACE, name)
            if found is None:
                raise TriggerError(f"there is no EventListener {name}; {_there(self.listeners)}")
            return found
        if len(listeners) > 1:
            raise TriggerError(f"there are several EventListeners, choose one: {', '.join(self.listeners)}")
        if listeners:
            return next(iter(listeners.values()))
        # Triggers alone: as if a listener chose them all.
        return Listener(name="", namespace=DEFAULT_NAMESPACE, triggers=tuple(self._shelf.triggers.values()))

    def _candidates(self, listener: Listener) -> Iterator[_Candidate]:
        triggers = list(self._shelf.triggers.values())
        for trigger in select(listener.selector, triggers, listener.namespace):
            yield _Candidate(trigger)
        for entry in listener.triggers:
            if not entry.ref:
                yield _Candidate(entry)
            elif (found := self._shelf.trigger(listener.namespace, entry.ref)) is not None:
                yield _Candidate(found)
            else:
                yield _Candidate(entry, missing=f"there is no Trigger {entry.ref}")
        for group in listener.groups:
            for trigger in select(group.selector, triggers, listener.namespace):
                yield _Candidate(trigger, group)

    def _nothing(self, listener: Listener, trigger: str) -> str:
        names = [one.trigger.name for one in self._candidates(listener)]
        where = f"EventListener {listener.name}" if listener.name else "the file"
        if trigger:
            return f"{where} has no trigger {trigger}; {_there(names)}"
        return f"{where} selects no trigger"

    def _rendered(
        self,
        candidate: _Candidate,
        listener: Listener,
        event: IncomingEvent,
        groups: dict[str, dict[str, Any] | Stop],
    ) -> Rendered:
        trigger = candidate.trigger
        try:
            if candidate.missing:
                raise Stop(candidate.missing, broken=True)
            extensions = self._of_group(candidate.group, event, groups)
            documents = self._documents(trigger, listener, event, extensions)
        except Stop as stop:
            outcome = Outcome.FAILED if stop.broken else Outcome.FILTERED
            return Rendered(trigger=trigger.name, outcome=outcome, reason=str(stop))
        runs = sum(_is_run(document.value) for document in documents)
        return Rendered(trigger=trigger.name, outcome=Outcome.STARTS, documents=documents, runs=runs)

    def _of_group(
        self, group: Group | None, event: IncomingEvent, known: dict[str, dict[str, Any] | Stop]
    ) -> Mapping[str, Any]:
        """The extensions of a group's interceptors, which run once for all of its triggers."""
        if group is None:
            return {}
        if group.name not in known:
            try:
                known[group.name] = run_chain(group.interceptors, self._request(event, {}))
            except Stop as stop:
                known[group.name] = stop
        made = known[group.name]
        if isinstance(made, Stop):
            raise made
        return made

    def _request(self, event: IncomingEvent, extensions: Mapping[str, Any]) -> Request:
        return Request(
            body=event.body,
            headers=read_headers(event.headers),
            url=event.url,
            params={},
            extensions=extensions,
            secrets=self._secrets,
            evaluator=self._evaluator,
        )

    def _documents(
        self, trigger: Trigger, listener: Listener, event: IncomingEvent, extensions: Mapping[str, Any]
    ) -> tuple[Document, ...]:
        request = self._request(event, extensions)
        extensions = run_chain(trigger.interceptors, request)
        bound = self._bound(trigger)
        template = self._template(trigger)
        body = event.body
        if trigger.interceptors and first(request.headers, "X-Slack-Signature"):
            # A form is no JSON: behind an interceptor it is a text (pkg/sink/sink.go, ExecuteInterceptors).
            body = json.dumps(body.decode("utf-8", "replace")).encode()
        value = event_value(body, request.headers, extensions, event.id)
        params = resolve_params(bound, value, template.params)
        labels = {EVENT_LISTENER: listener.name, EVENT_ID: event.id, TRIGGER: trigger.name}
        manifests = render(
            template, params, str(uuid.uuid4()), {key: text for key, text in labels.items() if text}
        )
        name = f"event {event.id}, trigger {trigger.name}" if trigger.name else f"event {event.id}"
        return tuple(load_documents(Source(name, dump_all(manifests).encode())))

    def _bound(self, trigger: Trigger) -> list[tuple[str, str]]:
        bound: list[tuple[str, str]] = []
        for entry in trigger.bindings:
            if not entry.ref:
                bound.append((entry.name, entry.value))
                continue
            params = self._shelf.binding(entry.kind, trigger.namespace, entry.ref)
            if params is None:
                raise Stop(f"there is no {entry.kind} {entry.ref}", broken=True)
            bound += params
        return bound

    def _template(self, trigger: Trigger) -> Template:
        template = trigger.template or self._shelf.template(trigger.namespace, trigger.template_ref)
        if template is None:
            raise Stop(f"there is no TriggerTemplate {trigger.template_ref}", broken=True)
        return template


def _check_payload(body: bytes) -> None:
    """Source: pkg/sink/validate_payload.go."""
    try:
        value = read_json(body)
    except BodyError as error:
        raise TriggerError(str(error), refused=True) from None
    if not body.strip() or not isinstance(value, dict | None):
        raise TriggerError("the body is no JSON mapping", refused=True)


def _is_run(value: Any) -> bool:
    return isinstance(value, dict) and value.get("kind") in _RUNS


def _there(names: Sequence[str]) -> str:
    return f"there are {', '.join(names)}" if names else "there is none"
