"""Repositories as the forge that keeps them shows them."""

from __future__ import annotations

from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HostedRepository:
    """One repository of an owner.

    url: what the version control calls it everywhere else. ssh_url: the same for ssh, empty where there is none.
    owner: the organisation, group (``group/subgroup``) or project that it is in. default_branch: empty while the
    repository is. labels: its topics. id: the forge's own.
    """

    url: str
    owner: str
    name: str
    ssh_url: str = ""
    default_branch: str = ""
    labels: tuple[str, ...] = ()
    archived: bool = False
    id: int | str | None = None
