"""Repository URLs: whether two of them mean the same repository, and what may be shown of one."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_USER = r"[a-zA-Z0-9_.][a-zA-Z0-9_.-]{0,30}[a-zA-Z0-9_.$-]?"


def normal(url: str) -> str:
    """A repository's URL in a form that is the same for https, ssh, with and without ``.git`` or a user.

    Source: Argo CD, util/git (NormalizeGitURL).
    """
    text = url.strip()
    if "://" not in text:
        host, colon, path = text.partition(":")
        if not colon or "/" in host:
            return text.rstrip("/").removesuffix(".git")
        text = f"ssh://{host}/{path.lstrip('/')}"
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").lower()
    except ValueError:
        return text
    return f"{host}/{parts.path.strip('/').removesuffix('.git')}".lower() if host else parts.path


def is_of_web_page(repository: str, page: str) -> bool:
    """Whether a source's URL means the repository whose web page a webhook names.

    Source: Argo CD, util/webhook (GetWebURLRegex): any protocol, user and port, ssh hosts of forges.
    """
    try:
        parts = urlsplit(page)
        host, path = parts.hostname, parts.path.lstrip("/")
    except ValueError:
        return False
    if not host or not path:
        return False
    pattern = rf"((https?|ssh)://)?({_USER}@)?((alt)?ssh\.)?{re.escape(host)}(:[0-9]+)?[:/]{re.escape(path)}(\.git)?"
    return re.fullmatch(pattern, repository, re.IGNORECASE) is not None


def without_credentials(url: str) -> str:
    """A URL that may be shown; a text that is none stays as it is. Source: Argo CD, util/git (SanitizeRepoURL)."""
    scheme, separator, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{separator}{host.rpartition('@')[2]}{slash}{path}" if separator and scheme else url


def is_short(revision: str) -> bool:
    """Whether a revision is no full name of a ref. Source: Argo CD, util/git (IsShortRef)."""
    return not revision.startswith("refs/")
