"""The contract of executors."""

from __future__ import annotations

from holkas.testing.contracts.executing.ending import EndingContract
from holkas.testing.contracts.executing.isolation import IsolationContract
from holkas.testing.contracts.executing.mounts import MountContract
from holkas.testing.contracts.executing.outputs import OutputContract
from holkas.testing.contracts.executing.starting import StartingContract
from holkas.testing.contracts.executing.surroundings import SurroundingsContract
from holkas.testing.contracts.executing.world import Outcome, Shell

__all__ = ["ExecutorContract", "Outcome", "Shell"]


class ExecutorContract(
    OutputContract, SurroundingsContract, StartingContract, MountContract, IsolationContract, EndingContract
):
    """Override ``executor`` with one that works on the machine; what runs is ``/bin/sh``.

    isolated: whether the host's files are read-only and its users' hidden. sees_processes: whether this machine's
    /proc lists the processes of steps (a remote executor's steps are not there).
    """
