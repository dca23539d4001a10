"""Secret stores: hand out secrets as values that cannot be printed by accident."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from holkas.model.lease import Lease
from holkas.model.secret import Secret
from holkas.roles.role import Role


class SecretStore(Role):
    """Keeps secrets: the built-in encrypted file, Vault, a cloud's own.

    A secret has a *name* (segments with slashes between them) and one or more *keys*; ``value`` is the key
    of a secret that is only one value. Values leave the store as :class:`~holkas.model.secret.Secret` only.

    Life cycle: the store logs in with the first call and again by itself when its token ends; ``close``
    revokes what it leased and has not been revoked. Threads: all methods.

    Capabilities: ``write``, ``lease`` (what was written is handed out for a time), ``sign``, ``dynamic``
    (credentials made for whoever asks, for a time), ``rotate`` (the key that everything is encrypted with can be
    replaced). With ``lease`` or ``dynamic`` there are ``renew`` and ``revoke``.
    """

    known_capabilities: ClassVar[frozenset[str]] = frozenset({"write", "lease", "sign", "dynamic", "rotate"})

    @abstractmethod
    def read(self, name: str, key: str = "value", *, version: str = "") -> Secret:
        """One value. ``version``: the store's own, empty for the newest. Raises NotFound, AccessDenied,
        Retryable."""

    @abstractmethod
    def keys(self, name: str) -> tuple[str, ...]:
        """The keys of a secret, in order. Raises NotFound, AccessDenied, Retryable."""

    @abstractmethod
    def names(self, prefix: str = "") -> tuple[str, ...]:
        """Names of all secrets that begin with a prefix, in order; none is no error. Raises AccessDenied,
        Retryable."""

    def write(self, name: str, values: Mapping[str, Secret]) -> None:
        """Set all keys of a secret at once, as a new version where the store has them. Capability ``write``.

        Raises AccessDenied, Retryable.
        """
        raise self.unsupported("write")

    def delete(self, name: str) -> None:
        """Remove a secret with all its versions; harmless when it is gone. Capability ``write``."""
        raise self.unsupported("write")

    def lease(self, name: str, *, duration: float = 0.0) -> Lease:
        """All values of a secret for a time. ``duration``: seconds wished for, 0 for the store's default.

        Raises NotFound. Capability ``lease``.
        """
        raise self.unsupported("lease")

    def renew(self, lease: Lease, *, duration: float = 0.0) -> Lease:
        """The same lease with a later end. Raises NotFound when it has ended already. Capability ``lease`` or
        ``dynamic``."""
        raise self.unsupported("lease")

    def revoke(self, lease: Lease) -> None:
        """End a lease now; harmless when it has ended. Capability ``lease`` or ``dynamic``."""
        raise self.unsupported("lease")

    def credentials(self, role: str) -> Lease:
        """Credentials made for this caller alone (a database user, a cloud token). Raises NotFound. Capability
        ``dynamic``."""
        raise self.unsupported("dynamic")

    def sign(self, key: str, data: bytes) -> bytes:
        """A signature by a key that does not leave the store. Raises NotFound. Capability ``sign``."""
        raise self.unsupported("sign")

    def verify(self, key: str, data: bytes, signature: bytes) -> bool:
        """Whether a signature is of this key and data. Raises NotFound. Capability ``sign``."""
        raise self.unsupported("sign")

    def rotate(self) -> None:
        """Encrypt everything with a new key; the values stay. Capability ``rotate``. Raises AccessDenied, Retryable."""
        raise self.unsupported("rotate")
