"""Every code that judging a Tekton document can give, with its explanation.

T0xx come from decoding, T1xx to T4xx from validation.
"""

from __future__ import annotations

from holkas.model.code import CodeDoc

from holkas_compat.tekton.decode_codes import DECODE_CODES
from holkas_compat.tekton.validation.codes import CODES as VALIDATION_CODES

CODES: dict[str, CodeDoc] = {**DECODE_CODES, **VALIDATION_CODES}
