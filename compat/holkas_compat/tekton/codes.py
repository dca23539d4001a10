"""Every code that judging a Tekton document can give, with its explanation.

T0xx come from decoding. Validation keeps its own table (T1xx to T4xx), which is merged here.
"""

from __future__ import annotations

from holkas.model.code import CodeDoc

from holkas_compat.tekton.decode_codes import DECODE_CODES

CODES: dict[str, CodeDoc] = {**DECODE_CODES}
