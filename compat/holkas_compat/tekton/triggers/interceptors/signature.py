"""Signatures over the body, as GitHub and Bitbucket make them.

Source: github.com/google/go-github (ValidateSignature); GitHub Docs, "Validating webhook deliveries".
"""

from __future__ import annotations

import hashlib
import hmac
import re

from holkas_compat.tekton.triggers.interceptors.request import Stop

_HASHES = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha512": hashlib.sha512}
_HEXADECIMAL = re.compile(r"(?:[0-9a-fA-F]{2})+")


def check_signature(signature: str, body: bytes, secret: bytes) -> None:
    """Stop unless ``signature`` (``sha256=…``) is the body's. The comparison takes the same time for every one."""
    name, separator, digest = signature.partition("=")
    algorithm = _HASHES.get(name)
    if not separator or algorithm is None or not _HEXADECIMAL.fullmatch(digest):
        raise Stop("the signature is not of the form sha256=…")
    if not hmac.compare_digest(hmac.new(secret, body, algorithm).digest(), bytes.fromhex(digest)):
        raise Stop("the signature is wrong")
