"""Names as Kubernetes wants them, and the name of the object itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from holkas_compat.manifest.shape import record, text
from holkas_compat.tekton.validation.scope import Scope

MAX_LABEL = 63
MAX_SUBDOMAIN = 253

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?\Z")
_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\Z")
_QUALIFIED = re.compile(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\Z")

LABEL_RULE = (
    "lower case letters, digits and '-', starting and ending with a letter or digit, 63 characters at most"
)


def is_label(name: str) -> bool:
    """Whether a name is a DNS label (RFC 1123)."""
    return len(name) <= MAX_LABEL and _LABEL.match(name) is not None


def is_subdomain(name: str) -> bool:
    """Whether a name is one DNS label or several with dots between (RFC 1123)."""
    return len(name) <= MAX_SUBDOMAIN and _SUBDOMAIN.match(name) is not None


def qualified_name_fault(name: str) -> str:
    """What is wrong with a name with an optional DNS prefix (``example.com/Name``); empty if nothing is.

    Source: k8s.io/apimachinery, util/validation, IsQualifiedName.
    """
    prefix, slash, last = name.rpartition("/")
    if "/" in prefix:
        return "it has more than one '/'"
    if slash and not prefix:
        return "the part before '/' is empty"
    if prefix and not is_subdomain(prefix):
        return f"the part before '/' is not a DNS name ({prefix!r})"
    if not last:
        return "it is empty"
    if len(last.encode()) > MAX_LABEL:
        return "it has more than 63 characters"
    if _QUALIFIED.match(last) is None:
        return "only letters, digits, '-', '_' and '.' may be used, and a letter or digit at both ends"
    return ""


def check_metadata(obj: dict[str, Any], scope: Scope) -> None:
    """The object's own name.

    A ``generateName`` alone is enough, what it makes is checked by the API server.
    """
    metadata = record(obj.get("metadata"))
    name = text(metadata.get("name"))
    here = scope.at("metadata")
    if not name and text(metadata.get("generateName")):
        return
    if not name:
        here.report(
            "T101", "the object has no name", "name", hint="set metadata.name, or generateName for a run"
        )
    elif len(name) > MAX_LABEL:
        message = f"the name has {len(name)} characters, {MAX_LABEL} are allowed"
        here.report("T101", message, "name", at=("name",))
    elif not is_subdomain(name):
        here.report(
            "T101", f'"{name}" is not a valid name of an object', "name", at=("name",), hint=LABEL_RULE
        )


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint with the known name that is most like a wrong one; empty if none is."""
    from difflib import get_close_matches

    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"did you mean `{close[0]}`?" if close else ""
