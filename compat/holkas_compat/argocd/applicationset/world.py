"""What generators may look at: the documents beside the set, repositories, forges, and nothing else."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any, Protocol

from holkas.model.pull_request import PullRequest
from holkas.records import dataclass

from holkas_compat.argocd.applicationset.codes import OUT_OF_REACH
from holkas_compat.argocd.applicationset.errors import GenerationError
from holkas_compat.argocd.applicationset.forge import ForgeRepository
from holkas_compat.argocd.applicationset.repository import RepositoryFiles


class Outside(Protocol):
    """How generators reach what is not in the documents. Each raises GenerationError where it cannot."""

    def files(self, repository: str, revision: str) -> RepositoryFiles:
        """The files of a repository at a revision."""
        ...

    def pull_requests(self, repository: str) -> Sequence[PullRequest]:
        """The open pull requests of a repository."""
        ...

    def repositories(self, provider: str, config: Mapping[str, Any]) -> Sequence[ForgeRepository]:
        """The repositories of a forge's organisation, one entry a branch."""
        ...

    def post(self, url: str, token: str, body: bytes, timeout: float) -> bytes:
        """The answer of a plugin's server."""
        ...


class Nowhere:
    """Nothing can be reached."""

    def files(self, repository: str, revision: str) -> RepositoryFiles:
        """Raises GenerationError."""
        raise GenerationError(
            f"repository {repository} is not here", code=OUT_OF_REACH, hint="name a directory: --repo URL=DIR"
        )

    def pull_requests(self, repository: str) -> Sequence[PullRequest]:
        """Raises GenerationError."""
        raise GenerationError(
            f"no version control that lists the pull requests of {repository}",
            code=OUT_OF_REACH,
            hint="install a plugin with the capability pull-requests",
        )

    def repositories(self, provider: str, config: Mapping[str, Any]) -> Sequence[ForgeRepository]:
        """Raises GenerationError."""
        raise GenerationError(
            f"no version control that lists the repositories of {provider}",
            code=OUT_OF_REACH,
            hint="install a plugin with the capability repositories, or use a list or git generator",
        )

    def post(self, url: str, token: str, body: bytes, timeout: float) -> bytes:
        """Raises GenerationError."""
        raise GenerationError(
            f"the plugin at {url} is asked only where that is allowed",
            code=OUT_OF_REACH,
            hint="allow it: --allow-network",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """documents: manifests beside the set. old_globbing: paths of files as git's own patterns."""

    documents: Sequence[Mapping[str, Any]] = ()
    outside: Outside = field(default_factory=Nowhere)
    old_globbing: bool = False

    def named(self, kind: str, name: str) -> Mapping[str, Any] | None:
        """The document of a kind and a name; the last, where there are several."""
        found = [
            document
            for document in self.documents
            if document.get("kind") == kind and _metadata(document).get("name") == name
        ]
        return found[-1] if found else None

    def config_map(self, name: str) -> dict[str, str]:
        """A ConfigMap's data. Raises GenerationError."""
        found = self.named("ConfigMap", name)
        if found is None:
            raise GenerationError(f'configmaps "{name}" not found', hint="give its file to the command too")
        data: Any = found.get("data")
        return {str(key): str(value) for key, value in data.items()} if isinstance(data, Mapping) else {}

    def secret(self, name: str) -> dict[str, str]:
        """A Secret's data, decoded. Raises GenerationError."""
        found = self.named("Secret", name)
        if found is None:
            raise GenerationError(f'secrets "{name}" not found', hint="give its file to the command too")
        return secret_data(found)


def _metadata(document: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Any = document.get("metadata")
    return found if isinstance(found, Mapping) else {}


def secret_data(document: Mapping[str, Any]) -> dict[str, str]:
    """A Secret's ``data`` decoded and its ``stringData``. Raises GenerationError."""
    made: dict[str, str] = {}
    data, plain = document.get("data"), document.get("stringData")
    for key, value in data.items() if isinstance(data, Mapping) else ():
        try:
            made[str(key)] = base64.b64decode(str(value), validate=True).decode()
        except (binascii.Error, ValueError) as error:
            name = _metadata(document).get("name", "")
            raise GenerationError(f"secret {name}: data.{key} is no base64 of text") from error
    for key, value in plain.items() if isinstance(plain, Mapping) else ():
        made[str(key)] = str(value)
    return made
