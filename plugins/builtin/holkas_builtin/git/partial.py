"""Clones without the contents of files: they come when they are wanted, those of one checkout all at once.

Nothing of this stands in the clone's own settings. So a command that only reads finds that an object is missing, and
never asks a server by itself; those that speak to the server are told with :func:`settings`.
Source: git's documentation, "Partial Clone Design Notes", and git-fetch(1), ``--filter``, ``--stdin``.
"""

from __future__ import annotations

import re
from pathlib import Path

from holkas.roles.errors import AccessDenied, Retryable, ToolError
from holkas.roles.faults import told

from .address import Address
from .command import GitProgram

MARK = "holkas-partial"
"""A file in a clone that leaves contents on the server."""

REMOTE = "origin"
FETCH = ("fetch", "--quiet", "--force", "--no-write-fetch-head", "--no-auto-maintenance", "--no-tags")
ALL = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
FILTER = "--filter=blob:none"


def settings(address: Address) -> tuple[str, ...]:
    """Words before a command that may find contents missing, and has to know who has them."""
    return (
        "-c", f"remote.{REMOTE}.promisor=true", "-c", f"remote.{REMOTE}.partialclonefilter=blob:none",
        "-c", f"remote.{REMOTE}.url={address.url}",
    )  # fmt: skip


def is_worth_it(address: Address) -> bool:
    """Whether contents have to be carried at all: not from a directory of this machine."""
    return address.protocol != "file" or "://" in address.url


def fill(git: GitProgram, address: Address, directory: Path) -> bool:
    """Fetch everything but contents into an empty clone; whether the server can do that, contents by their ids included.

    Raises what a fetch raises. A clone for which this is False is of no use.
    """
    what = f"cannot fetch {address.url}"
    if not _knows_filters(git, address, directory):
        return False
    git.run(
        *settings(address),
        *FETCH,
        FILTER,
        "--",
        REMOTE,
        *ALL,
        what=what,
        directory=directory,
        address=address,
    )
    missing = _one_missing(git, directory)
    if not missing:
        return False  # the server has no files
    try:
        fetch_contents(git, address, directory, [missing])
    except (AccessDenied, Retryable):
        raise
    except ToolError:
        return False  # it gives what a branch or tag names, and nothing by its id
    (directory / MARK).touch()
    return True


def fetch_contents(git: GitProgram, address: Address, directory: Path, ids: list[bytes]) -> None:
    """Have contents in the clone. Raises what a fetch raises."""
    git.run(
        *settings(address), "-c", "fetch.negotiationAlgorithm=noop", *FETCH, FILTER, "--stdin", "--", REMOTE,
        what=f"cannot fetch files of {address.url}", directory=directory, address=address,
        given=b"".join(one + b"\n" for one in ids),
    )  # fmt: skip


def _knows_filters(git: GitProgram, address: Address, directory: Path) -> bool:
    """Whether the server names the capability; asked first, because git may ask one that only has files for ever.

    Source: git's gitprotocol-v2, "fetch", and gitprotocol-capabilities, "filter"; git(1), ``GIT_TRACE_PACKET``.
    """
    trace = directory / "trace"
    git.run(
        "ls-remote", "--", address.url, "HEAD", what=f"cannot ask {address.url} for its refs",
        directory=directory, address=address, extra={"GIT_TRACE_PACKET": str(trace)},
    )  # fmt: skip
    with told("cannot read what a server can"):
        said = trace.read_bytes() if trace.exists() else b""
        trace.unlink(missing_ok=True)
    return any(b"filter" in re.split(rb"[\s=]", line) for line in said.splitlines())


def _one_missing(git: GitProgram, directory: Path) -> bytes:
    """The id of a file of some branch that has not come; empty where all have."""
    what = "cannot look what a clone has"
    heads = git.run(
        "for-each-ref", "--count=1", "--format=%(objectname)", "refs/heads/", what=what, directory=directory
    )
    if not heads.strip():
        return b""
    objects = git.run(
        "rev-list", "--objects", "--missing=print", "--no-walk", heads.decode().strip(), "--",
        what=what, directory=directory,
    )  # fmt: skip
    return next((line[1:] for line in objects.splitlines() if line.startswith(b"?")), b"")
