"""The engine: next act → recorded → tool called → outcome recorded, until the delivery has ended or has to wait."""

from __future__ import annotations

from typing import Any

from holkas.delivery import board, feedback
from holkas.delivery import event_types as on
from holkas.delivery.acts import Build, Deploy, Finish, Nothing, OpenGate, Pass, Publish, RunCheck, Wait
from holkas.delivery.definition import RollbackRule
from holkas.delivery.delivery_state import Outcome
from holkas.delivery.machine import next_act
from holkas.delivery.others import OpenDelivery, displaced
from holkas.delivery_engine.blame import suspects
from holkas.delivery_engine.building import build
from holkas.delivery_engine.checking import run_check
from holkas.delivery_engine.deploying import deploy, summary_of
from holkas.delivery_engine.job import Job, Refused
from holkas.delivery_engine.publishing import Lost, publish
from holkas.delivery_engine.rolling_back import rollback_entry
from holkas.roles.errors import AccessDenied, Retryable, ToolError


class Engine:
    """Drives one delivery. The caller holds the project's lock.

    rolls_back: whether it has recorded a rollback, which is then to be carried out.
    """

    def __init__(self, job: Job, clock: Any) -> None:
        self._job = job
        self._clock = clock
        self.rolls_back = False
        self._seen = -1
        self._open: list[OpenDelivery] = []
        # Only rollbacks change it, and they need the lock that the caller holds.
        self._quarantine = {
            row["environment"]: frozenset(row["quarantine"])
            for _, row in job.recorder.ledger.views(board.board_key(job.definition.name, ""))
        }

    def drive(self) -> Wait | None:
        """Go on until the end (None), or until there is nothing to do but wait.

        Raises Retryable and AccessDenied: the delivery is then as it was, and goes on where it was the next time.
        """
        job, recorder = self._job, self._job.recorder
        while True:
            act = self._next()
            match act:
                case Build():
                    build(job, act)
                    self._after_build()
                case Publish():
                    self._publish()
                case OpenGate():
                    self._displace(act.stage.name)
                    recorder.note(
                        on.GATE_OPENED, environment=act.stage.name, by=list(act.by),
                        kind=act.stage.environment.gate.kind.value,
                    )  # fmt: skip
                case RunCheck():
                    run_check(job, act)
                case Deploy():
                    deploy(job, act)
                case Pass():
                    self._pass(act)
                case Wait():
                    self._wait(act)
                    recorder.commit()
                    return act
                case Finish():
                    self._finish(act)
                case Nothing():
                    recorder.commit()
                    job.place.remove()
                    return None

    def _next(self) -> Any:
        job = self._job
        return next_act(
            job.definition,
            job.state,
            now=self._clock(),
            others=self._others(),
            quarantine=self._quarantine,
        )

    def _others(self) -> list[OpenDelivery]:
        """Those that have not ended, as of the last commit: only what others write changes them."""
        job = self._job
        if self._seen == job.recorder.foreign:
            return self._open
        self._seen = job.recorder.foreign
        prefix = board.open_prefix(job.definition.name)
        self._open = [
            OpenDelivery(
                number=row["delivery"], published=row["published"], place=row["place"], inside=row["inside"]
            )
            for _, row in job.recorder.ledger.views(prefix)
            if row["delivery"] != job.state.number
        ]
        return self._open

    def _row(self, stage: str) -> dict[str, Any]:
        found = board.environment_row(self._job.recorder.ledger.view, self._job.definition.name, stage)
        return found or board.new_row(stage)

    # -- outcomes ----------------------------------------------------------------------------------------------

    def _after_build(self) -> None:
        if self._job.state.built:
            self._recovered(on.BUILD)

    def _publish(self) -> None:
        job, recorder = self._job, self._job.recorder
        recorder.commit()
        try:
            publish(job)
        except Lost:
            build(job, Build(attempt=job.state.builds + 1))
            self._after_build()
        except Refused as error:
            self._finish(Finish(outcome=Outcome.REFUSED, stage=on.BUILD, message=str(error)))
        except (Retryable, AccessDenied):
            raise
        except (ToolError, ValueError, OSError) as error:
            self._finish(Finish(outcome=Outcome.FAILED, stage=on.BUILD, message=str(error)))

    def _pass(self, act: Pass) -> None:
        job, stage = self._job, act.stage.name
        failing = self._recovered(stage)
        recovered = f"{job.definition.name}/{failing['delivery']}" if failing else ""
        release = job.state.at(stage).release
        job.recorder.note(
            on.PASSED,
            environment=stage,
            release=release,
            summary=summary_of(job, release),
            recovered=recovered,
        )

    def _recovered(self, stage: str) -> dict[str, Any] | None:
        """Tell that a stage works again, if it did not."""
        job = self._job
        row = job.recorder.ledger.view(board.board_key(job.definition.name, stage)) or {}
        failing: dict[str, Any] | None = row.get("failing")
        if failing:
            notice = feedback.recovery_notice(job.definition, job.state, stage, failing)
            job.recorder.note(on.NOTICE_DECIDED, **notice)
        return failing

    def _wait(self, act: Wait) -> None:
        job, stage = self._job, act.stage.name
        self._displace(stage)
        if self._is_known(act):
            return
        version = ", ".join(dict.fromkeys(job.state.versions.values()))
        job.recorder.note(on.ARRIVED, environment=stage, why=act.why, until=act.until, version=version)
        if act.why == "approval":
            notice = feedback.approval_notice(job.definition, job.state, stage, act.message)
            job.recorder.note(on.NOTICE_DECIDED, **notice)

    def _is_known(self, act: Wait) -> bool:
        """Whether it is recorded that the delivery waits there for this."""
        job, stage = self._job, act.stage.name
        row = job.recorder.ledger.view(board.delivery_key(job.definition.name, job.state.number)) or {}
        if (row.get("stage"), row.get("why")) != (stage, act.why):
            return False
        waiting = self._row(stage)["waiting"] or {}
        return act.until is None or (waiting.get("delivery"), waiting.get("until")) == (
            job.state.number,
            act.until,
        )

    def _displace(self, stage: str) -> None:
        """Older deliveries that wait where this one has come end."""
        job = self._job
        place = job.definition.index(stage)
        for number in displaced(job.definition, job.state.number, place, self._others()):
            job.recorder.note_elsewhere(
                on.delivery_stream(job.definition.name, number), on.FINISHED, delivery=number,
                outcome=Outcome.SUPERSEDED.value, stage=stage, message=f"delivery {job.state.number} is newer",
            )  # fmt: skip

    def _finish(self, act: Finish) -> None:
        job, recorder = self._job, self._job.recorder
        details: dict[str, Any] = {"revision": job.state.revision.id}
        notice = None
        if act.outcome in (Outcome.FAILED, Outcome.REFUSED):
            row = self._row(act.stage)
            details["deployed"] = act.stage != on.BUILD
            if row["failing"] is None:
                notice = self._failure(act, row)
                details |= {"notice": notice["id"], "recipients": notice["recipients"]}
        recorder.note(on.FINISHED, outcome=act.outcome.value, stage=act.stage, message=act.message, **details)
        if notice:
            recorder.note(on.NOTICE_DECIDED, **notice)
        stage = job.definition.stage(act.stage)
        if stage is None or stage.rollback is not RollbackRule.AUTOMATIC or act.outcome is not Outcome.FAILED:
            return
        if job.state.at(stage.name).started is not None:
            entry = rollback_entry(
                self._row(stage.name), "holkas", f"delivery {job.state.number} failed", good=True
            )
            if entry:
                self.rolls_back = True
                stream = on.environment_stream(job.definition.name, stage.name)
                quarantined = sorted({*entry["quarantined"], job.state.revision.id})
                recorder.note_elsewhere(
                    stream,
                    on.ROLLBACK_STARTED,
                    environment=stage.name,
                    **{**entry, "quarantined": quarantined},
                )

    def _failure(self, act: Finish, row: dict[str, Any]) -> dict[str, Any]:
        job = self._job
        since = row["good"][0]["revision"] if row["good"] else ""
        log, command = self._evidence()
        return feedback.failure_notice(
            job.definition, job.state, act.stage, act.message, suspects(job, since), log=log, command=command,
            since=since,
        )  # fmt: skip

    def _evidence(self) -> tuple[list[str], list[str]]:
        """The last lines of what failed, and how to run it again."""
        entry = self._job.recorder.last_failure() or {}
        return list(entry.get("log", ())), list(entry.get("command", ()))
