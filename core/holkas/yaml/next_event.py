"""How all readers of event streams ask for the next one, whichever parser makes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

NextEvent = Callable[[], Any]
"""Gives the next event, None after the last. Raises ruamel's YAMLError."""
