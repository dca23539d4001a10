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

SHORT = {"HOLKAS_STATE_DIR": "state.directory"}
"""Variables with a name of their own beside the one that is made of the setting's key; they count for more."""


def project_file(directory: Path) -> Path | None:
    """holkas.yaml in the directory or above it, not above the git root."""
    for place in (directory, *directory.parents):
        path = place / FILE
        if path.is_file():
            return path
        if (place / ".git").exists():
            return None
    return None


def user_file(environ: Mapping[str, str]) -> Path | None:
    """The user's own file in the XDG place (``$XDG_CONFIG_HOME/holkas/holkas.yaml``); None for a user without home."""
    base = environ.get("XDG_CONFIG_HOME", "")
    if os.path.isabs(base):  # noqa: PTH117 - a text, perhaps empty
        return Path(base, "holkas", FILE)
    home = environ.get("HOME", "")
    return Path(home, ".config", "holkas", FILE) if home else None


def load_config(directory: Path, environ: Mapping[str, str], overrides: Mapping[str, str]) -> Config:
    """The configuration for a working directory. Raises ConfigError with everything that is wrong in any layer.

    An empty variable counts as unset.
    """
    findings: list[Finding] = []
    entries: dict[str, Entry] = {}
    for layer, path in (("user", user_file(environ)), ("project", project_file(directory))):
        if path is not None and path.is_file():
            entries.update(check_file(path, layer, findings))
    variables = {setting.variable: setting.key for setting in SETTINGS} | SHORT
    for name, key in variables.items():
        if environ.get(name):
            check_text(key, environ[name], Origin("environment", name), entries, findings)
    for key, text in overrides.items():
        check_text(key, text, Origin("flag", f"--config {key}"), entries, findings)
    if findings:
        raise ConfigError(findings)
    return Config(entries)
