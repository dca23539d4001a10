"""Resource templates with their params, as manifests.

Source: pkg/template/resource.go (ResolveResources); docs/triggertemplates.md. Upstream replaces text in the template's
JSON: a value is part of a JSON text and escaped as one. Here every text of the template is taken alone, so that a value
gives the same result or none, and can never end the text in which it stands. All is replaced in one pass: what an event
put in is not looked at again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from holkas_compat.tekton.triggers.interceptors.request import Stop
from holkas_compat.tekton.triggers.model import Template

EVENT_LISTENER = "triggers.tekton.dev/eventlistener"
EVENT_ID = "triggers.tekton.dev/triggers-eventid"
TRIGGER = "triggers.tekton.dev/trigger"

_UID = "$(uid)"
_MAX_SIZE = 32 << 20
"""Characters of all manifests of a trigger: a value may stand in a template many times."""


def render(template: Template, params: Mapping[str, str], uid: str, labels: Mapping[str, str]) -> list[Any]:
    """The manifests of a template. Raises Stop where a value does not fit into its place.

    params: escaped as JSON texts are. uid: of ``$(uid)``, one for all manifests. labels: added to each.
    """
    values = {f"$(tt.params.{name})": value for name, value in params.items()}
    for name, default in template.params.items():
        # A default is the author's own text: in it $(uid) is meant.
        if default is not None and values.get(key := f"$(tt.params.{name})") == default:
            values[key] = default.replace(_UID, uid)
    if template.escape_quotes:
        values = {name: value.replace('"', '\\"') for name, value in values.items()}
    values[_UID] = uid
    renderer = _Renderer(values)
    return [_labelled(renderer.value(resource), labels) for resource in template.resources]


class _Renderer:
    """Replaces references; ``left`` is how many characters may still be written."""

    def __init__(self, values: Mapping[str, str]) -> None:
        # The longest name first, although no name can be the beginning of another: each ends with a bracket.
        self._pattern = re.compile(
            "|".join(re.escape(name) for name in sorted(values, key=len, reverse=True))
        )
        self._values = values
        self._left = _MAX_SIZE

    def value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._text(value) if "$(" in value else value
        if isinstance(value, dict):
            return {self.value(key): self.value(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.value(item) for item in value]
        return value

    def _text(self, text: str) -> str:
        found = [match[0] for match in self._pattern.finditer(text)]
        if not found:
            return text
        self._left -= sum(len(self._values[name]) for name in found)
        if self._left < 0:
            raise Stop(f"the manifests have more than {_MAX_SIZE} characters")
        written = self._pattern.sub(lambda match: self._values[match[0]], json.dumps(text)[1:-1])
        try:
            made = json.loads(f'"{written}"')
        except ValueError:
            raise Stop(
                f"{_blamed(found)} does not fit into a text: it has quotes or line breaks of its own"
            ) from None
        assert isinstance(made, str)
        return made.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _blamed(found: list[str]) -> str:
    names = [name for name in dict.fromkeys(found) if name != _UID]
    return f"the value of {' or '.join(names)}"


def _labelled(manifest: Any, labels: Mapping[str, str]) -> Any:
    """Source: pkg/resources/create.go (AddLabels)."""
    if not isinstance(manifest, dict):
        raise Stop("a resource template is no mapping", broken=True)
    metadata = manifest.get("metadata")
    known = metadata.get("labels") if isinstance(metadata, dict) else None
    own = {**(known if isinstance(known, dict) else {}), **labels}
    return {**manifest, "metadata": {**(metadata if isinstance(metadata, dict) else {}), "labels": own}}
