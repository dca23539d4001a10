"""What a delivery needs next."""

from __future__ import annotations

from holkas.delivery.definition import PipelineUse, Stage
from holkas.delivery.delivery_state import Outcome
from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """Run the pipeline. ``run``: the build server's id of a run that was begun and whose end nobody knows."""

    attempt: int
    run: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish:
    """Publish what was built, under its digest, with its provenance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenGate:
    """Let the delivery into an environment. ``by``: who approved; nobody where the gate is automatic."""

    stage: Stage
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCheck:
    """Run a pipeline ``before`` or ``after`` a deployment. ``again``: it was begun and nobody knows how it ended."""

    stage: Stage
    phase: str
    check: PipelineUse
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deploy:
    """Bring the release into an environment. ``again``: it was begun and nobody knows how far it came."""

    stage: Stage
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """Everything in this environment went well."""

    stage: Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Nothing can be done now. ``why``: ``approval``, ``soak``, ``freeze`` or ``queue``.

    until: seconds since the epoch, None where nobody knows.
    """

    stage: Stage
    why: str
    message: str
    until: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """The delivery ends. ``stage``: an environment, ``build``, or empty."""

    outcome: Outcome
    stage: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """It has ended already."""


Act = Build | Publish | OpenGate | RunCheck | Deploy | Pass | Wait | Finish | Nothing
