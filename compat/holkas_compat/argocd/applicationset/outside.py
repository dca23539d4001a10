"""How generators reach repositories, forges and plugins' servers: through the plugins of holkas, as far as allowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from holkas.extensions.application_set import GenerationWish
from holkas.extensions.source_fetcher import SourceFetcher, SourceRefused, SourceRequest, SourceTree
from holkas.model.pull_request import PullRequest
from holkas.roles.errors import ToolError

from holkas_compat.argocd.applicationset.codes import OUT_OF_REACH
from holkas_compat.argocd.applicationset.errors import GenerationError
from holkas_compat.argocd.applicationset.forge import ForgeRepository
from holkas_compat.argocd.applicationset.organisation import SERVED, listed
from holkas_compat.argocd.applicationset.repository import LARGEST_FILE, LocalFiles, RepositoryFiles
from holkas_compat.argocd.applicationset.world import Nowhere

if TYPE_CHECKING:
    from holkas.plugins.provider import PluginLookup

LARGEST_ANSWER = 16 * 1024 * 1024
"""Octets that a plugin's server may answer."""


class FetchedFiles:
    """The files of a source that a fetcher opened."""

    def __init__(self, tree: SourceTree) -> None:
        self.tree = tree

    def paths(self) -> list[str]:
        """All files."""
        return list(self.tree.files())

    def directories(self) -> list[str]:
        """The directories that hold files, hidden ones left out, in the order of a walk."""
        found: set[tuple[str, ...]] = set()
        for path in self.tree.files():
            parts = tuple(path.split("/")[:-1])
            found.update(parts[:length] for length in range(1, len(parts) + 1))
        kept = [parts for parts in found if not any(part.startswith(".") for part in parts)]
        kept.sort(key=lambda parts: [part.encode("utf-8", "surrogateescape") for part in parts])
        return ["/".join(parts) for parts in kept]

    def read(self, path: str) -> bytes:
        """A file's content."""
        root = self.tree.materialise([path]).resolve()
        file = (root / path).resolve()
        if not file.is_relative_to(root) or not file.is_file():
            raise GenerationError(f"{path} is no file of the repository")
        if file.stat().st_size > LARGEST_FILE:
            raise GenerationError(f"{path} is larger than {LARGEST_FILE} octets")
        return file.read_bytes()


class PluginsOutside(Nowhere):
    """What a wish allows: directories first, then the fetchers and version controls of the plugins."""

    def __init__(self, wish: GenerationWish) -> None:
        self.wish = wish
        self.opened: dict[tuple[str, str], RepositoryFiles] = {}
        self.fetchers: list[SourceFetcher] = []

    def close(self) -> None:
        """Let the fetchers remove what only this command needed."""
        for fetcher in self.fetchers:
            fetcher.close()

    def files(self, repository: str, revision: str) -> RepositoryFiles:
        """The files of a repository; opened once for all generators of a command."""
        key = (repository, revision)
        if key not in self.opened:
            self.opened[key] = self._open(repository, revision)
        return self.opened[key]

    def _open(self, repository: str, revision: str) -> RepositoryFiles:
        directory = self.wish.repositories.get(repository) or self._local(repository)
        if directory is not None:
            return LocalFiles(directory)
        plugins = self.wish.plugins
        request = SourceRequest(repository=repository, revision=revision)
        for provider in plugins.providers("source_fetchers") if plugins else ():
            assert plugins is not None
            fetcher: SourceFetcher = plugins.make("source_fetchers", provider.name)
            self.fetchers.append(fetcher)
            if fetcher.handles(request):
                try:
                    return FetchedFiles(fetcher.open(request))
                except (SourceRefused, ToolError) as error:
                    raise GenerationError(
                        f"repository {repository}: {error}",
                        code=OUT_OF_REACH,
                        hint=getattr(error, "hint", ""),
                    ) from error
        return super().files(repository, revision)

    def _local(self, repository: str) -> Path | None:
        """The directory that a relative path names, if it is the project's or one below it."""
        if "://" in repository or not repository.startswith("."):
            return None
        project = self.wish.project.resolve()
        directory = (project / repository).resolve()
        return directory if directory.is_relative_to(project) and directory.is_dir() else None

    def pull_requests(self, repository: str) -> Sequence[PullRequest]:
        """The open ones, from the first version control that can list them."""
        tool = _capable(self.wish.plugins, "pull-requests")
        if tool is None:
            return super().pull_requests(repository)
        try:
            found: Sequence[PullRequest] = tool.pull_requests(repository)
        except ToolError as error:
            raise GenerationError(
                f"error listing repos: {error}", code=OUT_OF_REACH, hint=error.hint
            ) from error
        return found

    def repositories(self, provider: str, config: Mapping[str, Any]) -> Sequence[ForgeRepository]:
        """Those of an organisation, from the first version control that can list them."""
        tool = _capable(self.wish.plugins, "repositories") if provider in SERVED else None
        return super().repositories(provider, config) if tool is None else listed(tool, provider, config)

    def post(self, url: str, token: str, body: bytes, timeout: float) -> bytes:
        """The answer, if the network is allowed: no redirects, and no other schemes than HTTP's."""
        if not self.wish.network:
            return super().post(url, token, body, timeout)
        if urlsplit(url).scheme not in ("http", "https"):
            raise GenerationError(f"error listing params: {url} is no HTTP address", code=OUT_OF_REACH)
        from urllib.error import URLError
        from urllib.request import HTTPRedirectHandler, Request, build_opener

        class Refusing(HTTPRedirectHandler):
            def redirect_request(self, *_: Any, **__: Any) -> None:
                return None

        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        request = Request(url, data=body, headers=headers, method="POST")  # noqa: S310 - the scheme was looked at
        try:
            with build_opener(Refusing()).open(request, timeout=timeout) as answer:
                data: bytes = answer.read(LARGEST_ANSWER + 1)
        except (URLError, OSError, ValueError) as error:
            raise GenerationError(
                f"error listing params: error get api 'set': {error}", code=OUT_OF_REACH
            ) from error
        if len(data) > LARGEST_ANSWER:
            raise GenerationError(f"error listing params: the answer has more than {LARGEST_ANSWER} octets")
        return data


def _capable(plugins: PluginLookup | None, capability: str) -> Any:
    for provider in plugins.providers("version_controls") if plugins else ():
        if capability in provider.capabilities:
            assert plugins is not None
            return plugins.make("version_controls", provider.name)
    return None


def world_documents(documents: Sequence[Any]) -> list[Mapping[str, Any]]:
    """The mappings among documents, and the items of their Lists."""
    found: list[Mapping[str, Any]] = []
    for document in documents:
        if not isinstance(document, Mapping):
            continue
        if str(document.get("kind", "")).endswith("List") and isinstance(document.get("items"), list):
            found += world_documents(document["items"])
        else:
            found.append(document)
    return found
