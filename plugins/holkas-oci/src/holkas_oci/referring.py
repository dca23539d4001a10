"""Documents about a manifest: the registry's list of them, or the index under a tag where it keeps none.

Source: OCI, "Distribution Specification" 1.1, sections "Listing Referrers" and "Referrers Tag Schema".
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from threading import Lock
from typing import Any

from holkas.roles.errors import NotFound, Retryable

from holkas_oci.manifests import descriptor_of, index_of
from holkas_oci.names import referrers_tag
from holkas_oci.registry import INDEX, Registry, descriptors

_ATTEMPTS = 5


class Referrers:
    """What is said about manifests in the repositories of one registry. Threads: all methods."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._lock = Lock()

    def about(self, repository: str, digest: str) -> list[Mapping[str, Any]]:
        """Descriptors, in no order."""
        found = self._registry.referrers(repository, digest)
        if found:
            return found
        # A registry that has learned the API since may still have documents under the tag.
        return self._under_tag(repository, digest)

    def add(self, repository: str, digest: str, data: bytes) -> None:
        """Store a manifest about another one. Raises Retryable when others change the list all the time.

        The tag's index is read, changed and written by clients, and no registry helps two of them: it is read again
        afterwards, so that whoever lost tries again.
        """
        described = descriptor_of(data)
        if self._registry.put_manifest(repository, described["digest"], data):
            return
        with self._lock:
            for _ in range(_ATTEMPTS):
                present = self._under_tag(repository, digest)
                if any(one["digest"] == described["digest"] for one in present):
                    return
                index = index_of([*present, described])
                self._registry.put_manifest(repository, referrers_tag(digest), index, INDEX)
            if not any(one["digest"] == described["digest"] for one in self._under_tag(repository, digest)):
                raise Retryable(f"the documents about {digest} are changed by others")

    def forget(self, repository: str, digest: str) -> None:
        """Remove every document about a manifest, and their list."""
        for one in self.about(repository, digest):
            self._registry.delete_manifest(repository, one["digest"])
        with suppress(NotFound):
            listed = self._registry.manifest(repository, referrers_tag(digest))
            self._registry.delete_manifest(repository, listed.digest)

    def _under_tag(self, repository: str, digest: str) -> list[Mapping[str, Any]]:
        try:
            return descriptors(self._registry.manifest(repository, referrers_tag(digest)).value)
        except NotFound:
            return []
