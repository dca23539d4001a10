"""Opens the sources of Applications through the fetchers that are installed, each request once."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

from holkas.extensions.source_fetcher import SourceFetcher, SourceRefused, SourceRequest, SourceTree
from holkas.plugins.provider import PluginLookup
from holkas.roles.errors import ToolError

from .application_source import ApplicationSourceSpec
from .failure import RenderFailure


class Sources:
    """Trees by request. Safe for threads; a source that cannot be had is asked for once."""

    def __init__(self, plugins: PluginLookup | None, fetchers: Sequence[SourceFetcher] | None = None) -> None:
        self._plugins = plugins
        self._fetchers = list(fetchers or ())
        self._names: list[str] | None = None
        self._opened: dict[SourceRequest, SourceTree | RenderFailure] = {}
        self._locks: dict[SourceRequest, Lock] = {}
        self._ranges: dict[tuple[str, str, str, str, str], str] = {}
        self._lock = Lock()

    def request(self, source: ApplicationSourceSpec, own_revision: str) -> SourceRequest:
        """What is asked of a fetcher, a range of versions resolved to one. Raises RenderFailure R140, R141."""
        revision = source.revision
        request = SourceRequest(
            repository=source.repository, revision=revision, chart=source.chart, own_revision=own_revision
        )
        from .semver import chosen, is_range

        wanted = revision or ("*" if source.chart else "")
        if is_range(wanted) or (wanted and source.tag_prefix):
            try:
                versions = self._fetcher(request).versions(request)
            except (SourceRefused, ToolError) as error:
                raise _failure(error) from None
            version = chosen(wanted, versions, prefix=source.tag_prefix)
            if version is None and is_range(wanted):
                raise RenderFailure(
                    "R141", f"no version of {source.chart or source.repository} satisfies {wanted!r}"
                )
            revision = version or revision
            key = (source.repository, source.revision, source.chart, source.tag_prefix, own_revision)
            self._ranges[key] = revision
        return SourceRequest(
            repository=source.repository, revision=revision, chart=source.chart, own_revision=own_revision
        )

    def open(self, request: SourceRequest) -> SourceTree:
        """The tree. Raises RenderFailure R140."""
        with self._lock:
            lock = self._locks.setdefault(request, Lock())
        with lock:
            found = self._opened.get(request)
            if found is None:
                try:
                    found = self._fetcher(request).open(request)
                except (SourceRefused, ToolError) as error:
                    found = _failure(error)
                self._opened[request] = found
        if isinstance(found, RenderFailure):
            raise found
        return found

    def unpinned(self) -> list[tuple[SourceRequest, SourceTree]]:
        """What was opened and may be another tree when it is asked for again."""
        with self._lock:
            return [
                (request, tree)
                for request, tree in self._opened.items()
                if isinstance(tree, SourceTree) and not tree.pinned
            ]

    def ranges(self) -> list[list[str]]:
        """Repository, revision, chart, prefix and own revision of every range, and the version that it meant."""
        return [[*key, version] for key, version in sorted(self._ranges.items())]

    def close(self) -> None:
        """Let the fetchers remove what only this process needed."""
        for fetcher in self._fetchers:
            fetcher.close()
        self._opened.clear()

    def _fetcher(self, request: SourceRequest) -> SourceFetcher:
        """The first that handles a request; those behind it are not even made."""
        number = 0
        while (fetcher := self._made(number)) is not None:
            if fetcher.handles(request):
                return fetcher
            number += 1
        raise SourceRefused(
            f"nothing fetches {request.repository!r}", "`holkas plugins list` shows the source fetchers"
        )

    def _made(self, number: int) -> SourceFetcher | None:
        with self._lock:
            if number < len(self._fetchers):
                return self._fetchers[number]
            if self._names is None:
                offered = (
                    self._plugins.providers("source_fetchers") if self._plugins and not self._fetchers else ()
                )
                self._names = [one.name for one in offered]
            if number >= len(self._names) or self._plugins is None:
                return None
            fetcher: SourceFetcher = self._plugins.make("source_fetchers", self._names[number])
            self._fetchers.append(fetcher)
            return fetcher


def _failure(error: SourceRefused | ToolError) -> RenderFailure:
    return RenderFailure("R140", str(error), getattr(error, "hint", ""))
