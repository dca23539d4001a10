"""Environments: the stages of a delivery, and the gate before each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import Any

from holkas.records import dataclass


class GateKind(StrEnum):
    """Who opens the gate: the tests alone (continuous deployment), or somebody (continuous delivery)."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """The way in. ``approvals``: how many of ``approvers`` must agree; no approvers named means anybody
    may."""

    kind: GateKind = GateKind.AUTOMATIC
    approvers: tuple[str, ...] = ()
    approvals: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """A stage of delivery.

    destination: where it is, in the words of the agent that serves it (a directory, a group of hosts, a
    cluster).
    settings: further settings for the agent, already checked.
    """

    name: str
    destination: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    gate: Gate = field(default_factory=Gate)
