"""Glue: the source fetchers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from holkas.plugins import hookimpl
from holkas.plugins.provider import Context, Provider

if TYPE_CHECKING:
    from holkas.extensions.source_fetcher import SourceFetcher


def _local(context: Context) -> SourceFetcher:
    from holkas_builtin.sources.local import LocalFetcher

    return LocalFetcher(context)


@hookimpl
def holkas_source_fetchers() -> Iterator[Provider[SourceFetcher]]:
    """Directories and repositories of this machine first, then what needs a network."""
    yield Provider(name="local", summary="Directories and git repositories of this machine.", make=_local)
