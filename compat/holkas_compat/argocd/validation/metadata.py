"""Names and finalizers of objects."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from holkas.model.edit import Edit

from holkas_compat.argocd.validation.codes import BAD_NAME, UNKNOWN_FINALIZER
from holkas_compat.argocd.validation.scope import Scope
from holkas_compat.manifest.shape import record, text, texts
from holkas_compat.manifest.suggest import did_you_mean

_NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\Z")
_LONGEST = 253
DOMAIN = "argocd.argoproj.io"
FINALIZERS = (
    f"resources-finalizer.{DOMAIN}",
    f"resources-finalizer.{DOMAIN}/foreground",
    f"resources-finalizer.{DOMAIN}/background",
    f"foreground-finalizer.{DOMAIN}",
    f"background-finalizer.{DOMAIN}",
    f"pre-delete-finalizer.{DOMAIN}",
    f"pre-delete-finalizer.{DOMAIN}/cleanup",
    f"post-delete-finalizer.{DOMAIN}",
    f"post-delete-finalizer.{DOMAIN}/cleanup",
)


_BEGINNINGS = tuple({finalizer.partition(".")[0] + "." for finalizer in FINALIZERS})


def check_metadata(obj: Mapping[str, Any], scope: Scope) -> None:
    """The object's own name, and its finalizers."""
    metadata = record(obj.get("metadata"))
    name, here = text(metadata.get("name")), scope.at("metadata")
    if "metadata" in obj and not name and not text(metadata.get("generateName")):
        here.error(BAD_NAME, "the object has no name", hint="set metadata.name")
    elif name and (len(name) > _LONGEST or not _NAME.match(name)):
        hint = (
            "lower case letters, digits, '-' and '.', a letter or digit at both ends, 253 characters at most"
        )
        here.error(BAD_NAME, f'"{name}" is not a valid name of an object', "name", hint=hint)
    check_finalizers(metadata.get("finalizers"), here.at("finalizers"))


def check_finalizers(value: Any, scope: Scope) -> None:
    """Finalizers of Argo CD's own domain that it does not know: deleting the object would never end."""
    for index, finalizer in enumerate(texts(value)):
        ours = DOMAIN in finalizer or finalizer.startswith(_BEGINNINGS)
        if not ours or finalizer in FINALIZERS or scope.is_open(finalizer):
            continue
        near = did_you_mean(finalizer, FINALIZERS)
        fix = (Edit.replace((*scope.path, index), near.split("`")[1]),) if near else ()
        scope.warn(UNKNOWN_FINALIZER, f'Argo CD has no finalizer "{finalizer}"', index, hint=near, fix=fix)
