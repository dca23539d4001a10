"""Loads the layers: the user's file, the project's, the environment, flags; later ones win."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from holkas.config.check import check_file, check_text
from holkas.config.config import Config, Entry, Origin
from holkas.config.errors import ConfigError
from holkas.config.settings import SETTINGS
from holkas.model.finding import Finding

FILE = "holkas.yaml"

SWITCHES = frozenset(
    {"HOLKAS_STATE_DIR", "HOLKAS_DISABLED_PLUGINS", "HOLKAS_LOAD_PLUGINS", "HOLKAS_TRACE_PLUGINS"}
)
"""Variables of ours that are no settings."""


def project_file(directory: Path) -> Path | None:
    """holkas.yaml in the directory or above it, not above the git root."""
    for place in (directory, *directory.parents):
        path = place / FILE
        if path.is_file():
            return path
        if (place / ".git").exists():
            return None
    return None


def user_file(environ: Mapping[str, str]) -> Path:
    """The user's own file in the XDG place (``$XDG_CONFIG_HOME/holkas/holkas.yaml``)."""
    base = environ.get("XDG_CONFIG_HOME", "")
    home = environ.get("HOME", "") or str(Path.home())
    return (Path(base) if os.path.isabs(base) else Path(home) / ".config") / "holkas" / FILE  # noqa: PTH117 - a str


def load_config(directory: Path, environ: Mapping[str, str], overrides: Mapping[str, str]) -> Config:
    """The configuration for a working directory. Raises ConfigError with everything that is wrong in any layer."""
    findings: list[Finding] = []
    entries: dict[str, Entry] = {}
    for layer, path in (("user", user_file(environ)), ("project", project_file(directory))):
        if path is not None and path.is_file():
            entries.update(check_file(path, layer, findings))
    known = {setting.variable: setting.key for setting in SETTINGS}
    for name, text in sorted(environ.items()):
        if name in known and name not in SWITCHES:
            check_text(known[name], text, Origin("environment", name), entries, findings)
    for key, text in overrides.items():
        check_text(key, text, Origin("flag", f"--config {key}"), entries, findings)
    if findings:
        raise ConfigError(findings)
    return Config(entries)
