"""Every code that judging Argo CD's documents can give: A0 from decoding, A1 to A4 from validation, A5 to A8 lint, A9
generating applications."""

from __future__ import annotations

from collections.abc import Mapping

from holkas.model.code import CodeDoc

from holkas_compat.argocd.applicationset.codes import APPLICATION_SET_CODES as GENERATION_CODES
from holkas_compat.argocd.codes_decode import DECODE_CODES
from holkas_compat.argocd.lint.codes import LINT_CODES
from holkas_compat.argocd.validation.docs_application import APPLICATION_CODES
from holkas_compat.argocd.validation.docs_others import (
    APPLICATION_SET_CODES,
    CONFIGURATION_CODES,
    PROJECT_CODES,
)

CODES: Mapping[str, CodeDoc] = {
    **DECODE_CODES,
    **APPLICATION_CODES,
    **APPLICATION_SET_CODES,
    **PROJECT_CODES,
    **CONFIGURATION_CODES,
    **LINT_CODES,
    **GENERATION_CODES,
}
