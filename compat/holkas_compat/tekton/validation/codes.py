"""What the codes of validation stand for: T1xx objects and runs, T2xx tasks, T3xx parameters, T4xx pipelines."""

from __future__ import annotations

from holkas.model.code import CodeDoc

from holkas_compat.tekton.validation.codes_object import OBJECT_CODES
from holkas_compat.tekton.validation.codes_param import PARAM_CODES
from holkas_compat.tekton.validation.codes_pipeline import PIPELINE_CODES
from holkas_compat.tekton.validation.codes_task import TASK_CODES

CODES: dict[str, CodeDoc] = {**OBJECT_CODES, **TASK_CODES, **PARAM_CODES, **PIPELINE_CODES}
