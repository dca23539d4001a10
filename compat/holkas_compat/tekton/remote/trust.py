"""VerificationPolicies: whether what a resolver found was signed by whom the user trusts.

Source: Tekton's docs/trusted-resources.md and the rules of pkg/trustedresources: all matching ``enforce`` policies must
hold, of each any key; those in mode ``warn`` only warn; without a matching policy nothing is asked.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from holkas.go_json import json_text
from holkas.model.catalog import Catalog
from holkas.records import dataclass

from holkas_compat.tekton.catalog import Shelf
from holkas_compat.tekton.remote.refusal import Refusal
from holkas_compat.tekton.schema.encode import encode
from holkas_compat.tekton.schema.kinds import table
from holkas_compat.tekton.unit import Unit

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.hashes import HashAlgorithm

SIGNATURE = "tekton.dev/signature"
FAILED = "ResourceVerificationFailed"

_NOT_SIGNED = (SIGNATURE, "kubectl-client-side-apply", "kubectl.kubernetes.io/last-applied-configuration")
_KINDS = ("Task", "Pipeline")

Verifier = Callable[[bytes, bytes], bool]
"""Whether a signature is one of a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One VerificationPolicy. ``patterns``: of addresses. ``authorities``: as in the manifest."""

    name: str
    patterns: tuple[str, ...]
    authorities: tuple[Mapping[str, Any], ...]
    warn: bool

    def matches(self, uri: str) -> bool:
        """Whether a pattern fits the whole address. Raises Refusal for one that is no regular expression."""
        for pattern in self.patterns:
            try:
                if re.fullmatch(pattern.removeprefix("^").removesuffix("$"), uri):
                    return True
            except re.error as error:
                raise _failed(
                    f'the pattern {pattern!r} of policy "{self.name}" cannot be read: {error}'
                ) from None
        return False


def policies_of(shelf: Shelf) -> list[Policy]:
    """The policies among the documents."""
    found = []
    for name in shelf.names("VerificationPolicy"):
        unit = shelf.units["VerificationPolicy", name]
        if unit.object is None or unit.broken:
            continue
        spec = unit.object.get("spec") or {}
        found.append(
            Policy(
                name=name,
                patterns=tuple(str(one.get("pattern", "")) for one in spec.get("resources") or ()),
                authorities=tuple(spec.get("authorities") or ()),
                warn=spec.get("mode") == "warn",
            )
        )
    return found


def verify(unit: Unit, uri: str, policies: list[Policy], catalog: Catalog) -> str:
    """Judge a document that a resolver found at an address: gives a warning, or nothing. Raises Refusal."""
    if unit.kind not in _KINDS:
        return ""
    matching = [policy for policy in policies if policy.matches(uri.removeprefix("git+"))]
    if not matching:
        return ""
    signature, messages = _signature(unit), list(_checksums(unit))
    warning = ""
    for policy in sorted(matching, key=lambda one: one.warn):
        try:
            if signature and _holds(policy, signature, messages, catalog):
                continue
            told = "has no signature" if not signature else "is not signed by any of its keys"
            raise _failed(f'{unit.kind.lower()} "{unit.name}" {told}, which policy "{policy.name}" wants')
        except Refusal as refusal:
            if not policy.warn:
                raise
            warning = warning or str(refusal)
    return warning


def _holds(policy: Policy, signature: bytes, messages: list[bytes], catalog: Catalog) -> bool:
    verifiers = [_verifier(policy, authority, catalog) for authority in policy.authorities]
    return any(verifier(signature, message) for verifier in verifiers for message in messages)


def _signature(unit: Unit) -> bytes:
    annotations = ((unit.object or {}).get("metadata") or {}).get("annotations") or {}
    try:
        return base64.b64decode(str(annotations.get(SIGNATURE, "")), validate=True)
    except (binascii.Error, ValueError):
        raise _failed(f'the signature of {unit.kind.lower()} "{unit.name}" is not base64') from None


def _checksums(unit: Unit) -> Iterator[bytes]:
    """What is signed: the sha256 of the document as Go writes it, without what others add to its metadata.

    Signers made with older libraries of Kubernetes write ``creationTimestamp: null``; both forms count.
    """
    given = unit.object or {}
    schema = table(unit.kind, str(given.get("apiVersion")))
    assert schema is not None, "it was decoded by this table"
    old = given.get("metadata") or {}
    kept = {key: old[key] for key in ("name", "generateName", "namespace", "labels") if old.get(key)}
    notes = {key: value for key, value in (old.get("annotations") or {}).items() if key not in _NOT_SIGNED}
    written = encode(schema, {**given, "metadata": kept | ({"annotations": notes} if notes else {})})
    # In the order of Go's structs: kind and apiVersion come first.
    spec = {key: value for key, value in written.items() if key not in ("kind", "apiVersion", "metadata")}
    head = {"kind": written["kind"], "apiVersion": written["apiVersion"]}
    names = ("name", "generateName", "namespace")
    first = {key: value for key, value in written["metadata"].items() if key in names}
    rest = {key: value for key, value in written["metadata"].items() if key not in names}
    for metadata in ({**first, **rest}, {**first, "creationTimestamp": None, **rest}):
        text = json_text({**head, "metadata": metadata, **spec}, sort_keys=False)
        yield hashlib.sha256(text.encode()).digest()


def _verifier(policy: Policy, authority: Mapping[str, Any], catalog: Catalog) -> Verifier:
    """Raises Refusal for a key that cannot be had."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    what = f'the key of authority "{authority.get("name", "")}" of policy "{policy.name}"'
    key = authority.get("key") or {}
    algorithm = _algorithm(str(key.get("hashAlgorithm") or "sha256"), what)
    try:
        public = load_pem_public_key(_pem(key, what, catalog))
    except (ValueError, UnsupportedAlgorithm):
        raise _failed(f"{what} is no public key in PEM") from None

    def check(signature: bytes, message: bytes) -> bool:
        try:
            if isinstance(public, ec.EllipticCurvePublicKey):
                public.verify(signature, message, ec.ECDSA(algorithm))
            elif isinstance(public, rsa.RSAPublicKey):
                public.verify(signature, message, padding.PKCS1v15(), algorithm)
            elif isinstance(public, ed25519.Ed25519PublicKey):
                public.verify(signature, message)
            else:
                return False
        except InvalidSignature:
            return False
        return True

    return check


def _pem(key: Mapping[str, Any], what: str, catalog: Catalog) -> bytes:
    if key.get("data"):
        return str(key["data"]).encode()
    if key.get("secretRef"):
        name = str(key["secretRef"].get("name", ""))
        secret = catalog.secrets.get(name)
        if secret is None or len(secret.data) != 1:
            raise _failed(f'{what} is wanted from the Secret "{name}", which must be here with one entry')
        return next(iter(secret.data.values())).reveal()
    raise _failed(f"{what} is in a key management service, which is not asked")


def _algorithm(name: str, what: str) -> HashAlgorithm:
    from cryptography.hazmat.primitives import hashes

    known: Mapping[str, Callable[[], HashAlgorithm]] = {
        "sha224": hashes.SHA224,
        "sha256": hashes.SHA256,
        "sha384": hashes.SHA384,
        "sha512": hashes.SHA512,
    }
    made = known.get(name.lower())
    if made is None:
        raise _failed(f"{what} has the unknown hash algorithm {name!r}")
    return made()


def _failed(message: str) -> Refusal:
    return Refusal(message, "sign it again, or correct the policy", reason=FAILED)
