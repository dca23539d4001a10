"""Functions that give something else each time: there, so that templates parse, but refused when called.

What holkas renders is a function of a commit and its parameters, the same on every machine and at any time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from holkas_compat.gotemplate.errors import FunctionError
from holkas_compat.gotemplate.function import Function, function

_NAMES = (
    "ago bcrypt buildCustomCert decryptAES encryptAES genCA genCAWithKey genPrivateKey genSelfSignedCert "
    "genSelfSignedCertWithKey genSignedCert genSignedCertWithKey htpasswd now randAlpha randAlphaNum randAscii "
    "randBytes randInt randNumeric shuffle uuidv4 derivePassword"
).split()


def _refusing(name: str) -> Function:
    def refuse(*_: Any) -> NoReturn:
        raise FunctionError(f"{name} would give another result each time, or makes a secret: holkas does not call it")

    return function(refuse, "any...")


UNREPEATABLE: Mapping[str, Function] = {name: _refusing(name) for name in _NAMES}
"""Name → function."""
