"""Every code that judging a Tekton document can give, with its explanation.

T0xx come from decoding. Validation keeps its own table (T1xx to T4xx) and is merged here.
"""

from __future__ import annotations

from holkas.model.code import CodeDoc

DECODE_CODES: dict[str, CodeDoc] = {}

CODES: dict[str, CodeDoc] = {**DECODE_CODES}
