"""Addresses of repositories: when two of them mean the same, and what may be shown of them."""

from __future__ import annotations

import re
from dataclasses import replace

from holkas.gitops.go_url import UrlError, parse_url

_SSH = re.compile(r"\A(ssh://)?([^/:]*?)@[^@]+\Z")
_USER_PART = re.compile(r"\A([^/]*://)[^/]*@")
_USER = r"[\w.][\w.-]{0,30}[\w.$-]?"
_BLANKS = "\t\n\v\f\r \x85\xa0"


def normalize_repository(url: str) -> str:
    """The form in which addresses are compared; empty for one that is none (util/git, ``NormalizeGitURL``).

    Case, ``.git`` at the end, and the two ways to write SSH make no difference.
    """
    text = url.strip(_BLANKS).lower()
    if _SSH.search(text) and not text.startswith("ssh://"):
        text = "ssh://" + text.replace(":", "/", 1)
    try:
        return str(parse_url(text.removesuffix(".git"))).removeprefix("ssh://")
    except UrlError:
        return ""


def same_repository(one: str, other: str) -> bool:
    """Whether two addresses mean one repository; those that are none are compared as they are (``SameURL``)."""
    left = normalize_repository(one) or one
    return bool(left) and left == (normalize_repository(other) or other)


def sanitized(url: str) -> str:
    """The address without user and password, for logs and messages; what is no URL comes back as it is.

    But one that is no URL only because of its user or password comes back without them: they are secrets all the same.
    """
    try:
        found = parse_url(url)
    except UrlError as error:
        return _USER_PART.sub(r"\1", url) if "userinfo" in str(error) else url
    return url if found.user is None else str(replace(found, user=None))


def normalize_oci(url: str) -> str:
    """An OCI address without scheme and without slashes at its end."""
    return url.removeprefix("oci://").rstrip("/")


def is_of_web_page(repository: str, page: str) -> bool:
    """Whether a repository is the one that a server shows at an address, as webhooks tell it.

    Source of the rule: util/webhook (``GetWebURLRegex``): scheme, user, port, ``.git`` and an ``ssh.`` in front make no
    difference.
    """
    try:
        found = parse_url(page)
    except UrlError:
        return False
    host, path = re.escape(found.hostname()), re.escape(found.escaped_path().removeprefix("/"))
    pattern = rf"((https?|ssh)://)?({_USER}@)?((alt)?ssh\.)?{host}(:\d+)?[:/]{path}(\.git)?"
    return re.fullmatch(pattern, repository, re.IGNORECASE | re.ASCII) is not None
