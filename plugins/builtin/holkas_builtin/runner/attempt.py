"""One attempt of a task run: a place, its sidecars, its steps one after the other, what they left behind."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from holkas.extensions.executor import ExecutorError, Session
from holkas.model.param import Result
from holkas.model.record import Condition, StepRecord, TaskRunRecord
from holkas.model.run import TaskRun
from holkas.model.task import TaskSpec
from holkas.pipeline.apply_task import TaskContext, TaskWorkspaces, apply_to_task
from holkas.pipeline.reasons import TaskRunReason
from holkas.pipeline.step_action import StepActionError, resolve_steps
from holkas.pipeline.step_template import merge_step_template
from holkas.pipeline.task_status import StepOutcome, finish_task_run
from holkas.pipeline.timeouts import attempt_timeout
from holkas_builtin.runner.cancellation import Cancellation
from holkas_builtin.runner.credentials import credential_files
from holkas_builtin.runner.emitted import read_artifacts, read_results
from holkas_builtin.runner.errors import SetupError
from holkas_builtin.runner.place import AttemptPlace, make_place
from holkas_builtin.runner.run_context import RunContext
