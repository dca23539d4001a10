"""Signed envelopes: DSSE with Ed25519 keys.

Source: DSSE, "Protocol" (pre-authentication encoding) and "Envelope". The key's id is the SHA-256 of the raw public key.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from holkas.delivery.provenance import MEDIA_TYPE as PAYLOAD_TYPE
from holkas.model.canonical_json import canonical

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

MEDIA_TYPE = "application/vnd.dsse.envelope.v1+json"


class BadKey(ValueError):
    """A text that is no Ed25519 key in PEM."""


def pre_authentication_encoding(kind: str, payload: bytes) -> bytes:
    """The bytes that are signed."""
    name = kind.encode()
    return b"DSSEv1 %d %s %d %s" % (len(name), name, len(payload), payload)


def signed(payload: bytes, key: bytes) -> bytes:
    """An envelope with the payload and one signature; the same bytes each time. key: PEM, PKCS #8. Raises BadKey."""
    private = _private(key)
    signature = private.sign(pre_authentication_encoding(PAYLOAD_TYPE, payload))
    return canonical(
        {
            "payloadType": PAYLOAD_TYPE,
            "payload": base64.b64encode(payload).decode(),
            "signatures": [
                {"keyid": key_id(private.public_key()), "sig": base64.b64encode(signature).decode()}
            ],
        },
    ).encode()


def opened(envelope: bytes, trusted: Iterable[bytes]) -> bytes | None:
    """The payload when one of the trusted keys signed it, else None. trusted: public keys, PEM. Raises BadKey."""
    from cryptography.exceptions import InvalidSignature

    keys = [_public(pem) for pem in trusted]
    try:
        said: dict[str, Any] = json.loads(envelope)
        payload = base64.b64decode(said["payload"], validate=True)
        signatures = [base64.b64decode(one["sig"], validate=True) for one in said["signatures"]]
        data = pre_authentication_encoding(said["payloadType"], payload)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, binascii.Error):
        return None
    for key in keys:
        for signature in signatures:
            try:
                key.verify(signature, data)
            except InvalidSignature:
                continue
            return payload if said["payloadType"] == PAYLOAD_TYPE else None
    return None


def public_pem(key: bytes) -> bytes:
    """The public half of a private key. Raises BadKey."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return _private(key).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def key_id(key: Ed25519PublicKey) -> str:
    """By which a key is known."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()


def _private(pem: bytes) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(pem, None)
    except (ValueError, TypeError) as error:
        raise BadKey("the signing key is no private key in PEM without a passphrase") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKey("the signing key is no Ed25519 key")
    return key


def _public(pem: bytes) -> Ed25519PublicKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(pem)
    except (ValueError, TypeError) as error:
        raise BadKey("a trusted key is no public key in PEM") from error
    if not isinstance(key, Ed25519PublicKey):
        raise BadKey("a trusted key is no Ed25519 key")
    return key
