"""Outcomes of tasks that succeeded, by a digest of everything that they depend on, for later runs of the same store."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import tarfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from holkas.model.record import Condition, TaskRunRecord
from holkas.records import dataclass
from holkas.state.outcome_form import outcome_form, with_outcome

from holkas_builtin.runner.assignment import TaskAssignment
from holkas_builtin.runner.cache_rule import binding_text, claims_of, context_values, why_not
from holkas_builtin.runner.claim_content import Alone, TooMuch, digest_of, pack, replace_content
from holkas_builtin.runner.run_context import RunContext
from holkas_builtin.runner.task_record import applied_spec, digests_of

_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An outcome of an earlier run."""

    record: TaskRunRecord
    run: str


class TaskCache:
    """One entry a file, ``<key>.json``, and beside it ``<key>.<number>.tar`` with what the task left in a claim.

    A task that can write to a claim is in it with the content that it found and the content that it left; both hold
    only while no other task uses the claim at the same time.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def carry_out(
        self,
        assignment: TaskAssignment,
        context: RunContext,
        blank: TaskRunRecord,
        run: Callable[[], TaskRunRecord],
    ) -> Found | TaskRunRecord:
        """The outcome of an earlier run, else what ``run`` gives, kept when it is good."""
        spec, claims = blank.spec, claims_of(assignment)
        with context.claim_use.of(claims) as alone:
            if spec is None or why_not(assignment, spec, context):
                return run()
            try:
                before = [digest_of(context.claim(name)) for name in claims]
            except (TooMuch, OSError):
                return run()
            parts = {**digests_of(assignment, context), "workspaces": binding_text(assignment, spec)}
            key = _key(parts, before, context_values(assignment, spec, context), context.key)
            found = self._find(key, assignment, context, blank, claims, alone)
            if found is not None:
                return found
            record = run()
            if record.condition.succeeded and alone():
                self._keep(key, record, context, claims)
            return record

    def _find(
        self,
        key: str,
        assignment: TaskAssignment,
        context: RunContext,
        blank: TaskRunRecord,
        claims: Sequence[str],
        alone: Alone,
    ) -> Found | None:
        try:
            entry = json.loads((self._root / f"{key}.json").read_bytes())
            condition = Condition(**entry["condition"])
            record = with_outcome(blank, entry["kept"], condition, entry["results"])
            run = str(entry["run"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        archives = {
            context.claim(name): self._root / f"{key}.{index}.tar" for index, name in enumerate(claims)
        }
        try:
            with context.claim_use.nobody_comes():
                if not alone():
                    return None
                replace_content(archives)
        except (OSError, tarfile.TarError):
            return None
        return Found(record=applied_spec(record, assignment, context, 0), run=run)

    def _keep(self, key: str, record: TaskRunRecord, context: RunContext, claims: Sequence[str]) -> None:
        entry = {
            "version": _VERSION,
            "run": context.run_id,
            "time": time.time(),
            "condition": {
                "status": record.condition.status,
                "reason": record.condition.reason,
                "message": record.condition.message,
            },
            "results": {result.name: result.value for result in record.results},
            "kept": outcome_form(record),
        }
        masker = context.journal.masker
        if masker and masker.mask_json(entry) != json.loads(json.dumps(entry)):
            return  # what it hands on holds a secret
        try:
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            for index, name in enumerate(claims):
                claim = context.claim(name)
                digest_of(claim)  # it may have grown too large
                self._write(f"{key}.{index}.tar", partial(pack, claim))
            self._write(f"{key}.json", lambda path: path.write_text(json.dumps(entry), encoding="utf-8"))
        except (TooMuch, OSError):
            return  # a full disk fails no task that succeeded

    def _write(self, name: str, write: Callable[[Path], Any]) -> None:
        temporary = self._root / f"{name}.{os.getpid()}.{secrets.token_hex(4)}.new"
        try:
            write(temporary)
            temporary.replace(self._root / name)
        finally:
            temporary.unlink(missing_ok=True)


def _key(parts: Mapping[str, str], before: Sequence[str], shown: str, secret: bytes) -> str:
    text = json.dumps([_VERSION, dict(parts), list(before), shown], sort_keys=True)
    return hashlib.blake2b(text.encode(), key=secret[:64], digest_size=20).hexdigest()
