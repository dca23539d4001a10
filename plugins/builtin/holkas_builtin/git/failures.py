"""From what git wrote to standard error to an error that says whether to try again."""

from __future__ import annotations

import re
from collections.abc import Iterable

from holkas.roles.errors import AccessDenied, Conflict, NotFound, Retryable, ToolError

_KINDS: tuple[tuple[type[ToolError], str], ...] = (
    (Conflict, r"\[rejected\]|non-fast-forward|stale info|fetch first|cannot lock ref|incorrect old value"),
    (Conflict, r"reference already exists"),
    (
        AccessDenied,
        r"authentication failed|could not read (?:username|password)|permission denied|access denied|"
        r"terminal prompts disabled|host key verification failed|dubious ownership|hook declined|protected branch|"
        r"returned error: 40[13]|not allowed to (?:push|upload)|invalid credentials|unauthorized",
    ),
    (
        NotFound,
        r"repository not found|repository '[^']*' not found|not appear to be a git repository|does not exist|"
        r"couldn't find remote ref|not our ref|unadvertised object|"
        r"returned error: 404|no such (?:file|ref|remote)|not a git repository|"
        r"unknown revision|bad (?:object|revision)|not a valid object name|needed a single revision|"
        r"not a valid commit|not a tree object|ambiguous argument|project you were looking for could not be found",
    ),
    (
        Retryable,
        r"could not resolve|connection (?:refused|reset|timed out|closed)|timed out|unable to access|early eof|"
        r"hung up|rpc failed|returned error: (?:429|5\d\d)|network is unreachable|no route to host|"
        r"could not read from remote|unable to look up|temporary failure|operation too slow|transfer closed|"
        r"unexpected disconnect|\.lock': file exists|another git process",
    ),
)
_RULES = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _KINDS)

_HINTS: dict[type[ToolError], str] = {
    AccessDenied: "give git credentials for it: a credential helper, an ssh key, or the option credentials",
}


def failure(what: str, stderr: str, secrets: Iterable[str] = ()) -> ToolError:
    """The error for a git command that failed. ``what``: a beginning of a sentence (``cannot fetch X``)."""
    text = stderr
    for secret in secrets:
        if secret:
            text = text.replace(secret, "***")
    text = re.sub(r"(://)[^/@\s]*@", r"\1", text)
    kind = next((kind for kind, rule in _RULES if rule.search(text)), ToolError)
    line = _sentence(text)
    return kind(f"{what}: {line}" if line else what, hint=_HINTS.get(kind, ""))


def _sentence(text: str) -> str:
    """The line that says why: the first that git calls fatal or an error, else the last; at most 300 characters."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    marked = [line for line in lines if re.match(r"(?:remote: )?(?:fatal|error|ERROR|!)", line)]
    chosen = (marked or lines[-1:] or [""])[0]
    chosen = re.sub(r"^(?:remote: )?(?:fatal|error|ERROR): ", "", chosen)
    return "".join(char for char in chosen if char.isprintable())[:300]
