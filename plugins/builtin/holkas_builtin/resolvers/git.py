"""The resolver ``git``: one file of a repository at a revision, through whichever version control is installed."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote, urlsplit, urlunsplit

from holkas.extensions.resolver import MAX_SIZE, ResolvedResource, Resolver, ResolverRefused, ResolverRequest
from holkas.gitops.repository_url import sanitized
from holkas.model.reference import RefSource
from holkas.plugins.provider import Context

from .mirrors import mirrored

if TYPE_CHECKING:
    from holkas.roles.version_control import VersionControl

_LENGTHS = (40, 64)


class GitResolver(Resolver):
    """Options: ``version_control`` (a provider's name; git without it), ``mirrors``.

    A whole id is fetched once by the version control too, which keeps clones; links are followed inside the repository.
    """

    name: ClassVar[str] = "git"

    def __init__(self, context: Context) -> None:
        self._plugins = context.plugins
        self._tool = str(context.options.get("version_control", "git"))
        self._mirrors: Sequence[Mapping[str, Any]] = context.options.get("mirrors", ())

    def pinned(self, request: ResolverRequest) -> bool:
        revision = request.fields["revision"]
        return len(revision) in _LENGTHS and all(one in "0123456789abcdef" for one in revision)

    def resolve(self, request: ResolverRequest) -> ResolvedResource:
        url, revision = request.fields["url"], request.fields["revision"]
        path = request.fields["path"].strip("/")
        if url.startswith("-") or revision.startswith("-"):
            raise ResolverRefused(f"{sanitized(url)!r} at {revision!r} looks like an option of a program")
        if not path or any(part in ("", ".", "..", ".git") for part in path.split("/")):
            raise ResolverRefused(f"{request.fields['path']!r} is no path inside a repository")
        tool = self._version_control()
        found = tool.resolve(_with_password(mirrored(url, self._mirrors), request), revision)
        with tempfile.TemporaryDirectory(prefix="holkas-resolved-") as directory:
            tree = Path(directory) / "tree"
            tool.checkout(found, tree, [path])
            content = _content(tree, path, f"{sanitized(url)} at {revision}")
        digest = {"sha1" if len(found.id) == _LENGTHS[0] else "sha256": found.id}
        source = RefSource(uri=f"git+{sanitized(url)}", digest=digest, entry_point=request.fields["path"])
        return ResolvedResource(content=content, source=source)

    def _version_control(self) -> VersionControl:
        if self._plugins is None:
            raise ResolverRefused("no version control is at hand")
        made: VersionControl = self._plugins.make("version_controls", self._tool)
        return made


def _with_password(url: str, request: ResolverRequest) -> str:
    """The URL with the credentials in it; the version control keeps them out of argument lists and messages."""
    if request.password is None:
        return url
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        host = None
    if host is None or parts.scheme not in ("http", "https"):
        raise ResolverRefused(f"a token is for http and https, and {sanitized(url)!r} is of neither")
    pair = f"{quote(request.username, safe='')}:{quote(request.password.reveal_text(), safe='')}"
    return urlunsplit(parts._replace(netloc=f"{pair}@{parts.netloc.rpartition('@')[2]}"))


def _content(tree: Path, path: str, what: str) -> bytes:
    place = (tree / path).resolve()
    if not place.is_relative_to(tree.resolve()):
        raise ResolverRefused(f"{path} of {what} is a link that leaves the repository")
    try:
        if not place.is_file():
            raise ResolverRefused(f"{what} has no file {path}")
        with place.open("rb") as file:
            content = file.read(MAX_SIZE + 1)
    except OSError as error:
        raise ResolverRefused(f"{path} of {what} cannot be read: {error.strerror}") from None
    if len(content) > MAX_SIZE:
        raise ResolverRefused(f"{path} of {what} has more than {MAX_SIZE >> 20} MiB")
    return content
