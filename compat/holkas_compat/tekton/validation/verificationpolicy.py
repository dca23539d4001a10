"""VerificationPolicies.

Source: Tekton's docs/trusted-resources.md. Tekton's fields start inside the spec.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas_compat.manifest.shape import items, record, records, text
from holkas_compat.tekton.validation.go_regexp import fault
from holkas_compat.tekton.validation.names import check_metadata
from holkas_compat.tekton.validation.scope import Scope

MODES = ("enforce", "warn")
HASHES = ("", "sha224", "sha256", "sha384", "sha512")
_KEYS = {"data": "data", "kms": "kms", "secretRef": "secretref"}


def check_verification_policy(obj: dict[str, Any], scope: Scope) -> None:
    """A VerificationPolicy."""
    check_metadata(obj, scope)
    spec, here = record(obj.get("spec")), scope.at("spec", field="")
    for key in ("resources", "authorities"):
        if not items(spec.get(key)):
            here.report("T102", f"the policy has no {key}", key)
    for index, resource in enumerate(records(spec.get("resources"))):
        _check_pattern(text(resource.get("pattern")), here.at("resources", index, field=""))
    for index, authority in enumerate(records(spec.get("authorities"))):
        if authority.get("key") is not None:
            _check_key(record(authority["key"]), here.at("authorities", index, "key", field=f"key[{index}]"))
    mode = text(spec.get("mode"))
    if mode and mode not in MODES:
        hint = f"use {' or '.join(MODES)}"
        here.report("T109", f'the mode cannot be "{mode}"', "mode", at=("mode",), hint=hint)


def _check_pattern(pattern: str, scope: Scope) -> None:
    if reason := fault(pattern):
        scope.report(
            "T118", f'"{pattern}" is not a regular expression: {reason}', "ResourcePattern", at=("pattern",)
        )


def _check_key(key: Mapping[str, Any], scope: Scope) -> None:
    given = [name for name in _KEYS if key.get(name) not in (None, "")]
    if not given:
        hint = f"add one of {', '.join(_KEYS)}"
        scope.report("T104", "the authority has no key", *_KEYS.values(), hint=hint)
    elif len(given) > 1:
        message = f"the key is given by {' and '.join(given)}; only one is possible"
        scope.report("T103", message, *_KEYS.values())
    algorithm = text(key.get("hashAlgorithm"))
    if algorithm.lower() not in HASHES:
        hint = f"use one of {', '.join(HASHES[1:])}"
        message = f'the hash algorithm cannot be "{algorithm}"'
        scope.report("T109", message, "HashAlgorithm", at=("hashAlgorithm",), hint=hint)
