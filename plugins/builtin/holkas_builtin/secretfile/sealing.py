"""The encrypted form: AES-256-GCM under a key made of the master key and a salt that is new each time.

The file is JSON, so that it says what it is: ``format``, ``key`` (fingerprint of the master key), ``salt``, ``data``.
The salt makes a key for one message alone (HKDF with SHA-256, RFC 5869), so that no nonce is ever used twice with a
key; format and fingerprint are authenticated with the data.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Sequence
from typing import Any

from holkas.roles.errors import AccessDenied, Corrupt, ToolError

from .keys import fingerprint

FORMAT = "holkas-secretfile-1"
MAX_SIZE = 64 * 1024 * 1024


def sealed(plain: bytes, key: bytes) -> bytes:
    """The file's bytes."""
    salt = os.urandom(32)
    data = _cipher(key, salt).encrypt(bytes(12), plain, _bound(fingerprint(key)))
    fields = {
        "format": FORMAT,
        "key": fingerprint(key),
        "salt": base64.b64encode(salt).decode(),
        "data": base64.b64encode(data).decode(),
    }
    return json.dumps(fields, indent=1).encode() + b"\n"


def opened(data: bytes, keys: Sequence[bytes], where: str) -> bytes:
    """What is in the file. Raises AccessDenied when no key fits, Corrupt when somebody changed it."""
    fields, salt, text = _parts(data, where)
    key = next((one for one in keys if fingerprint(one) == fields.get("key")), None)
    if key is None:
        raise AccessDenied(
            f"the key of {where} is not known: its fingerprint is {fields.get('key')}",
            hint="bring the key's file from where the secrets were written, or set HOLKAS_SECRETFILE_KEY",
        )
    from cryptography.exceptions import InvalidTag

    try:
        plain: bytes = _cipher(key, salt).decrypt(bytes(12), text, _bound(fingerprint(key)))
    except InvalidTag:
        raise Corrupt(f"{where} was changed by something else than holkas: it is not used") from None
    return plain


def _parts(data: bytes, where: str) -> tuple[dict[str, Any], bytes, bytes]:
    try:
        fields = json.loads(data)
        if not isinstance(fields, dict) or fields.get("format") != FORMAT:
            raise ValueError
        return (
            fields,
            base64.b64decode(fields["salt"], validate=True),
            base64.b64decode(fields["data"], validate=True),
        )
    except (ValueError, KeyError, TypeError, binascii.Error, RecursionError):
        raise Corrupt(f"{where} is no file of secrets, or a broken one") from None


def _cipher(key: bytes, salt: bytes) -> Any:
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF
    except ImportError as error:  # a broken installation
        raise ToolError(f"the library cryptography cannot be imported: {error}") from error
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=salt, info=FORMAT.encode()).derive(key))


def _bound(mark: str) -> bytes:
    return f"{FORMAT} {mark}".encode()
