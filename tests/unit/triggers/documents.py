"""Documents of Triggers for the tests: a listener with one trigger, whose parts a test chooses."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from holkas.extensions.trigger import EventReceiver, IncomingEvent, Rendered
from holkas.model.finding import Finding
from holkas.model.secret import Secret
from holkas.yaml import Document, Source, dump_all, load_documents
from holkas_compat.tekton.importer import TektonImporter

BETA = "triggers.tekton.dev/v1beta1"


def obj(kind: str, name: str, spec: Any, *, version: str = BETA, **metadata: Any) -> dict[str, Any]:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, **metadata}, "spec": spec}


def task_run(**params: str) -> dict[str, Any]:
    return {
        "apiVersion": "tekton.dev/v1",
        "kind": "TaskRun",
        "metadata": {"generateName": "run-"},
        "spec": {
            "taskRef": {"name": "t"},
            "params": [{"name": name, "value": value} for name, value in params.items()],
        },
    }


def template(*resources: Any, **params: str | None) -> dict[str, Any]:
    declared = [
        {"name": name} if default is None else {"name": name, "default": default}
        for name, default in params.items()
    ]
    return {"params": declared, "resourcetemplates": list(resources)}


def listener(*triggers: Mapping[str, Any], **metadata: Any) -> dict[str, Any]:
    return obj("EventListener", "el", {"triggers": list(triggers)}, **metadata)


def echo(value: str, **more: Any) -> dict[str, Any]:
    """A trigger that puts the value of one binding into one param of a TaskRun."""
    return {
        "name": "echo",
        "bindings": [{"name": "x", "value": value}],
        "template": {"spec": template(task_run(x="$(tt.params.x)"), x=None)},
        **more,
    }


def interceptor(name: str, **params: Any) -> dict[str, Any]:
    return {"ref": {"name": name}, "params": [{"name": key, "value": value} for key, value in params.items()]}


def parsed(*documents: Any) -> list[Document]:
    return load_documents(Source("triggers.yaml", dump_all(documents).encode()))


def lint(*documents: Any) -> list[Finding]:
    return TektonImporter().lint(parsed(*documents))


def codes(*documents: Any) -> list[str]:
    return [finding.code for finding in lint(*documents)]


def receiver(*documents: Any, secrets: Mapping[tuple[str, str], str] | None = None) -> EventReceiver:
    given = {key: Secret(value) for key, value in (secrets or {}).items()}
    return TektonImporter().triggers().read(parsed(*documents), given)


def send(
    documents: Sequence[Any] | Any,
    body: Any = None,
    *,
    secrets: Mapping[tuple[str, str], str] | None = None,
    url: str = "/",
    listener: str = "",
    trigger: str = "",
    **headers: str,
) -> list[Rendered]:
    """What all triggers make of an event. Names of headers have ``_`` where they have dashes."""
    several = documents if isinstance(documents, list | tuple) else [documents]
    data = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
    event = IncomingEvent(
        id="event-1",
        body=data,
        headers=tuple((name.replace("_", "-"), value) for name, value in headers.items()),
        url=url,
    )
    taker = receiver(*several, secrets=secrets)
    try:
        return list(taker.render(event, listener=listener, trigger=trigger).triggers)
    finally:
        taker.close()


def param(rendered: Rendered, name: str = "x") -> Any:
    """The value of a param of the first manifest."""
    assert rendered.documents, rendered.reason
    (found,) = [one["value"] for one in rendered.documents[0].value["spec"]["params"] if one["name"] == name]
    return found
