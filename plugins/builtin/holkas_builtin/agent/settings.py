"""The settings of an environment that the local agent serves: the process, its health, operations."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import field
from typing import Any
from urllib.parse import urlsplit

from holkas.records import dataclass
from holkas.roles.errors import ToolError

_LOCAL = ("127.0.0.1", "::1", "localhost")
_KNOWN = frozenset({"command", "environment", "health", "stop-timeout", "operations"})
_KNOWN_HEALTH = frozenset({"http", "command", "timeout", "interval"})


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthSettings:
    """How to know that the process is well: a URL of this machine that answers with 2xx or 3xx, or a command that
    ends with 0. timeout: seconds until it must be well after a start. interval: seconds between two looks."""

    http: str = ""
    command: tuple[str, ...] = ()
    timeout: float = 30.0
    interval: float = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """``command``: words of the process that is kept running, empty for none. environment: variables besides the
    configuration's. stop_timeout: seconds between SIGTERM and SIGKILL. operations: name → words.

    ``$(NAME)`` in words and URLs is replaced by the configuration's value of that name, as in Kubernetes; never by a
    secret, because words are seen by everybody on the machine.
    """

    command: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    health: HealthSettings = field(default_factory=HealthSettings)
    stop_timeout: float = 10.0
    operations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def settings_of(raw: Mapping[str, Any]) -> Settings:
    """Judge and read ``Environment.settings``. Raises ToolError that names everything that is wrong."""
    faults = [f"{key!r} is not known" for key in raw if key not in _KNOWN]
    health = raw.get("health", {})
    if not isinstance(health, Mapping):
        faults.append("health is not a mapping")
        health = {}
    faults += [f"'health.{key}' is not known" for key in health if key not in _KNOWN_HEALTH]
    operations = _mapping(raw, "operations", faults)
    read = Settings(
        command=_words(raw.get("command"), "command", faults),
        environment={str(key): str(value) for key, value in _mapping(raw, "environment", faults).items()},
        health=HealthSettings(
            http=_url(health.get("http", ""), faults),
            command=_words(health.get("command"), "health.command", faults),
            timeout=_seconds(health, "timeout", 30.0, faults),
            interval=_seconds(health, "interval", 0.1, faults),
        ),
        stop_timeout=_seconds(raw, "stop-timeout", 10.0, faults),
        operations={
            str(name): _words(words, f"operations.{name}", faults) for name, words in operations.items()
        },
    )
    if faults:
        raise ToolError(f"the environment's settings are not valid: {'; '.join(faults)}")
    return read


def expanded(text: str, values: Mapping[str, str]) -> str:
    """``$(NAME)`` replaced; ``$$(NAME)`` stands for itself, an unknown name stays. Source: Kubernetes, "Define
    dependent environment variables"."""

    def value(match: re.Match[str]) -> str:
        if match[0].startswith("$$"):
            return match[0][1:]
        return values.get(match[1], match[0])

    return re.sub(r"\$?\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)", value, text)


def _words(raw: Any, where: str, faults: list[str]) -> tuple[str, ...]:
    if raw is None:
        return ()
    if isinstance(raw, str):
        try:
            raw = shlex.split(raw)
        except ValueError as error:
            faults.append(f"{where}: {error}")
            return ()
    if (
        not isinstance(raw, list | tuple)
        or not raw
        or not all(isinstance(one, str | int | float) for one in raw)
    ):
        faults.append(f"{where} is neither a text nor a list of words")
        return ()
    return tuple(str(one) for one in raw)


def _mapping(raw: Mapping[str, Any], key: str, faults: list[str]) -> Mapping[str, Any]:
    found = raw.get(key) or {}
    if isinstance(found, Mapping):
        return found
    faults.append(f"{key} is not a mapping")
    return {}


def _seconds(raw: Mapping[str, Any], key: str, default: float, faults: list[str]) -> float:
    value = raw.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 86400:
        faults.append(f"{key} is no number of seconds between 0 and 86400")
        return default
    return float(value)


def _url(raw: Any, faults: list[str]) -> str:
    text = str(raw)
    if not text:
        return ""
    try:
        parts = urlsplit(re.sub(r"\$\([^)]*\)", "1", text))
        host, _ = parts.hostname, parts.port
    except ValueError:
        faults.append("health.http is no URL")
        return ""
    if parts.scheme not in ("http", "https") or host not in _LOCAL:
        faults.append(f"health.http has to begin with http:// and one of {', '.join(_LOCAL)}")
    return text
